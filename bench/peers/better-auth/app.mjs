// better-auth on SQLite behind Node's own HTTP server, with its defaults but for the limit of requests, which would
// stop the measurement.
import cluster from "node:cluster";
import { createServer } from "node:http";
import { availableParallelism } from "node:os";

import Database from "better-sqlite3";
import { betterAuth } from "better-auth";
import { getMigrations } from "better-auth/db/migration";
import { toNodeHandler } from "better-auth/node";

const port = Number(process.argv[2]);
const database = new Database("app.db");
database.pragma("journal_mode = WAL");
const options = {
  database,
  baseURL: `http://127.0.0.1:${port}`,
  secret: "not secret, it lives for one measurement",
  emailAndPassword: { enabled: true },
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
};

if (cluster.isPrimary) {
  await (await getMigrations(options)).runMigrations();
  for (let worker = 0; worker < availableParallelism(); worker += 1) {
    cluster.fork();
  }
  process.on("SIGTERM", () => process.exit(0));
} else {
  createServer(toNodeHandler(betterAuth(options))).listen(port, "127.0.0.1");
}
