"use client";

import { signIn, signOut } from "next-auth/react";
import { useEffect, useState } from "react";

// A button works as soon as the script of the page runs. A click before that would be lost.
function Button({ id, onClick, children }) {
  const [ready, setReady] = useState(false);
  useEffect(() => setReady(true), []);
  return <button id={id} onClick={onClick} disabled={!ready}>{children}</button>;
}

export function LogIn() {
  return <Button id="log-in" onClick={() => signIn("doorward")}>Log in</Button>;
}

export function LogOut() {
  // First the address, while the session of the wiki is still there. Then that session ends, and then the one of Doorward.
  async function logOut() {
    const { url } = await (await fetch("/api/log-out")).json();
    await signOut({ redirect: false });
    location.assign(url);
  }
  return <Button id="log-out" onClick={logOut}>Log out</Button>;
}
