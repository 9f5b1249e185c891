"use client";

import { signIn, signOut } from "next-auth/react";

export function LogIn() {
  return <button id="log-in" onClick={() => signIn("doorward")}>Log in</button>;
}

export function LogOut() {
  // First the address, while the session of the wiki is still there. Then that session ends, and then the one of Doorward.
  async function logOut() {
    const { url } = await (await fetch("/api/log-out")).json();
    await signOut({ redirect: false });
    location.assign(url);
  }
  return <button id="log-out" onClick={logOut}>Log out</button>;
}
