// Makes the vectors of the Node systems.
//
//     npm install better-auth@1.7.25 bcryptjs@3.0.3 argon2@0.45.1 firebase-scrypt@2.2.0 drupal-hash@1.0.4 \
//         aspnetcore-identity-password-hasher@1.0.1
//     node make.mjs
//
// firebase-scrypt, drupal-hash and aspnetcore-identity-password-hasher are not by Firebase, Drupal and Microsoft. The
// hashes that those published are in published.jsonl.
// Devise is Ruby: it passes the password with the pepper appended to bcrypt.

import { createRequire } from "node:module";
import { createHash, randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join, dirname } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const modules = process.env.MODULES ?? join(here, "node_modules");
const require = createRequire(join(modules, "x.js"));
const version = (name) => JSON.parse(readFileSync(join(modules, name, "package.json"), "utf8")).version;

const passwords = [
  "", "password", "correct horse battery staple", "pässwörd", "日本語のパスワード🔑", "with $ : , { } and \\ \" '",
  "a".repeat(71), "b".repeat(70) + "é", "c".repeat(73), "long ".repeat(40),
];

async function lines(file, by, scheme, make, list = passwords) {
  const out = [];
  for (const password of list) out.push(JSON.stringify({ by, scheme, password, stored: await make(password) }));
  writeFileSync(join(here, file), out.join("\n") + "\n");
}

const { hashPassword } = await import(join(modules, "better-auth/dist/crypto/index.mjs"));
await lines("better-auth.jsonl", `better-auth ${version("better-auth")}`, "scrypt", (pw) => hashPassword(pw));

const bcryptjs = await import(join(modules, "bcryptjs/index.js"));
await lines("bcryptjs.jsonl", `bcryptjs ${version("bcryptjs")}`, "bcrypt", (pw) => bcryptjs.default.hash(pw, 4));
await lines("devise.jsonl", `bcryptjs ${version("bcryptjs")}, the pepper appended`, "bcrypt",
  async (pw) => (await bcryptjs.default.hash(pw + "devise-pepper", 4)).replace(/^\$2[by]/, "$2a"));

const argon2 = require("argon2");
const cost = { memoryCost: 1024, timeCost: 2, parallelism: 2 };
await lines("node-argon2.jsonl", `argon2 ${version("argon2")}`, "argon2id", (pw) => argon2.hash(pw, cost));
await lines("node-argon2-data.jsonl", `argon2 ${version("argon2")}`, "argon2id",
  (pw) => argon2.hash(pw, { ...cost, associatedData: Buffer.from("data") }));

const { FirebaseScrypt } = require("firebase-scrypt");
const project = {
  memCost: 14, rounds: 8, saltSeparator: "Bw==",
  signerKey: "jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==",
};
const firebase = new FirebaseScrypt(project);
await lines("firebase-scrypt.jsonl", `firebase-scrypt ${version("firebase-scrypt")}`, "firebase-scrypt", async (pw) => {
  const salt = randomBytes(10).toString("base64");
  return JSON.stringify({ localId: "x", passwordHash: await firebase.hash(pw, salt), salt });
}, passwords.slice(1));

const drupal = require("drupal-hash");
await lines("drupal-hash.jsonl", `drupal-hash ${version("drupal-hash")}`, "phpass", (pw) => drupal.hashPassword(pw));
// Drupal's update from version 6: its hash of the old MD5 hash, with a U in front.
await lines("drupal-update.jsonl", `drupal-hash ${version("drupal-hash")}, U and the hash of the MD5`, "phpass",
  (pw) => "U" + drupal.hashPassword(createHash("md5").update(pw).digest("hex")));
// FusionAuth takes Drupal's text apart: $S$, a digit for the rounds, 8 characters of salt, the digest.
await lines("fusionauth-drupal.jsonl", `drupal-hash ${version("drupal-hash")}, in FusionAuth's JSON`, "phpass", (pw) => {
  const hash = drupal.hashPassword(pw);
  return JSON.stringify({ encryptionScheme: "phpass-sha512", factor: 2 ** 15, salt: hash.slice(4, 12), password: hash.slice(12) });
});

const { PasswordHasher } = require("aspnetcore-identity-password-hasher/build/PasswordHasher.js");
const aspnet = (mode) => (pw) => new PasswordHasher(1000, mode).hashPassword(pw);
const aspnetBy = `aspnetcore-identity-password-hasher ${version("aspnetcore-identity-password-hasher")}`;
await lines("aspnet-2.jsonl", aspnetBy, "pbkdf2-sha1", aspnet(0));
await lines("aspnet-3.jsonl", aspnetBy, "pbkdf2-sha256", aspnet(1));
