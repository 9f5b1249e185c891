import { getServerSession } from "next-auth";
import { authOptions } from "../auth.js";
import { LogIn, LogOut } from "./buttons.js";

export default async function Home() {
  const session = await getServerSession(authOptions);
  if (!session) {
    return (
      <>
        <p>You are not logged in.</p>
        <LogIn />
      </>
    );
  }
  return (
    <>
      <p id="name">{session.user.name}</p>
      <p id="email">{session.user.email}</p>
      <LogOut />
    </>
  );
}
