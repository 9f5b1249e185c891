// Makes the vectors of the Node systems.
//
//     npm install better-auth@1.7.25 bcryptjs@3.0.3 argon2@0.45.1 firebase-scrypt@2.2.0 drupal-hash@1.0.4 \
//         aspnetcore-identity-password-hasher@1.0.1 lucia@3.2.2 lucia2@npm:lucia@2.7.7
//     node make.mjs
//
// firebase-scrypt, drupal-hash and aspnetcore-identity-password-hasher are not by Firebase, Drupal and Microsoft. The
// hashes that those published are in published.jsonl.
// Devise is Ruby: it passes the password with the pepper appended to bcrypt.

import { createRequire } from "node:module";
import { createHash, randomBytes, scryptSync } from "node:crypto";
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

// better-auth and Lucia bring them to NFKC: a ligature, full-width letters, a no-break space, a decomposed letter.
const folded = ["\ufb01nancial \ufb02ow", "\uff30\uff21\uff33\uff33\uff11\uff12", "no\u00a0break", "caf\u0065\u0301 au lait"];
const { hashPassword } = await import(join(modules, "better-auth/dist/crypto/index.mjs"));
const both = [...passwords, ...folded];
await lines("better-auth.jsonl", `better-auth ${version("better-auth")}`, "scrypt", (pw) => hashPassword(pw), both);

const { Scrypt, LegacyScrypt } = await import(join(modules, "lucia/dist/index.js"));
await lines("lucia-3.jsonl", `lucia ${version("lucia")}`, "scrypt", (pw) => new Scrypt().hash(pw), folded);
await lines("lucia-legacy.jsonl", `lucia ${version("lucia")}, LegacyScrypt`, "scrypt", (pw) => new LegacyScrypt().hash(pw), folded);
const lucia2 = await import(join(modules, "lucia2/dist/utils/crypto.js"));
await lines("lucia-2.jsonl", `lucia ${version("lucia2")}`, "scrypt", (pw) => lucia2.generateScryptHash(pw), both);
// Lucia 2 only verifies the form before it. The salt had 16 characters too.
await lines("lucia-first.jsonl", `Node's scrypt, verified by lucia ${version("lucia2")}`, "scrypt", async (pw) => {
  const salt = lucia2.generateRandomString(16);
  const key = scryptSync(pw.normalize("NFKC"), salt, 64, { N: 16384, r: 8, p: 1 }).toString("hex");
  if (!(await lucia2.validateScryptHash(pw, `${salt}:${key}`))) throw new Error(pw);
  return `${salt}:${key}`;
}, both);

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
// Drupal trims a password before it hashes it.
await lines("drupal-trimmed.jsonl", `drupal-hash ${version("drupal-hash")}, trimmed before`, "phpass",
  (pw) => drupal.hashPassword(pw.trim()), [" space around ", "\ttab and line\n", "caf\u0065\u0301 "]);
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
