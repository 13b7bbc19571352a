import { openAsBlob } from "node:fs";
import { readFile } from "node:fs/promises";
import { unreadable } from "../bytes.js";
import { UsageError } from "./arguments.js";

/** What a command comes to: for scripts, for people, and whether something wants attention. */
export interface Outcome {
  json: object;
  text: string;
  alert?: boolean;
}

/** A file that is read as it is asked for. */
export async function openFile(path: string): Promise<Blob> {
  try {
    return await openAsBlob(path);
  } catch (error) {
    throw unreadable(error);
  }
}

/** A file of JSON. */
export async function readJson<T>(path: string): Promise<T> {
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    throw unreadable(error);
  });
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError(`“${path}” is no JSON.`);
  }
}
