// How is another program run, watched and counted?
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** The repository's root, with a slash at the end of neither form. */
export const root = fileURLToPath(new URL("..", import.meta.url)).replace(/[\\/]$/, "");

/** A failure that a person can mend: its message is all that is printed. */
export class SetupError extends Error {}

/**
 * Runs a program in the repository's root with live output. Gives its exit code (127 when it cannot be started), what it
 * printed on both streams, and the seconds it took. Never throws.
 */
export function run(command, args, { cwd = root, env = {}, quiet = false } = {}) {
  const began = performance.now();
  return new Promise((settle) => {
    let output = "";
    const finish = (code) => settle({ code, output, seconds: (performance.now() - began) / 1000 });
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
    for (const [stream, echo] of [
      [child.stdout, process.stdout],
      [child.stderr, process.stderr],
    ]) {
      stream.setEncoding("utf8");
      stream.on("data", (text) => {
        output += text;
        if (!quiet) echo.write(text);
      });
    }
    child.on("error", (error) => {
      output += String(error);
      finish(127);
    });
    child.on("close", (code) => finish(code ?? 1));
  });
}

/** Runs a program that must succeed; a failure ends the set-up with what was being done. */
export async function must(doing, command, args, options) {
  const result = await run(command, args, options);
  if (result.code !== 0) {
    const tail = options?.quiet ? `\n${result.output.trim().split("\n").slice(-20).join("\n")}` : "";
    throw new SetupError(`${doing} failed: \`${command} ${args.join(" ")}\` ended with ${result.code}.${tail}`);
  }
  return result;
}

/** Is this program on the PATH? */
export async function has(command, args = ["--version"]) {
  return (await run(command, args, { quiet: true })).code === 0;
}

/** Ends the process: a set-up error as its one message, anything else with its stack. */
export function bail(error) {
  console.error(error instanceof SetupError ? `\n${error.message}` : error);
  process.exit(1);
}
