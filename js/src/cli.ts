#!/usr/bin/env node
import { type Arguments, parseCommandLine, UsageError } from "./cli/arguments.js";
import { run } from "./cli/commands.js";
import { HELP } from "./cli/help.js";
import { MarquetryError } from "./errors.js";
import { createSegmenter } from "./node.js";

process.exitCode = await main(process.argv.slice(2));

async function main(argv: string[]): Promise<number> {
  let args: Arguments;
  try {
    args = parseCommandLine(argv);
  } catch (error) {
    return report(error, argv.includes("--json"));
  }
  if (args.values.version) return say(__VERSION__);
  if (args.values.help || args.command === undefined) return say(HELP.trimEnd(), args.values.help ? 0 : 2);
  try {
    const segmenter = await createSegmenter();
    const outcome = await run(segmenter, args);
    await segmenter.close();
    return say(args.values.json ? JSON.stringify(outcome.json, null, 2) : outcome.text, outcome.alert ? 1 : 0);
  } catch (error) {
    return report(error, args.values.json === true);
  }
}

function say(text: string, code = 0): number {
  process.stdout.write(`${text}\n`);
  return code;
}

/** An error on standard error, or as JSON where JSON was asked for. */
function report(error: unknown, json: boolean): number {
  const message = error instanceof Error ? error.message : String(error);
  const { code, details } = describe(error);
  if (json) return say(JSON.stringify({ error: { code, message, details } }, null, 2), 2);
  const hint = error instanceof UsageError ? "\nnpx marquetry --help shows what there is." : "";
  process.stderr.write(`marquetry: ${message}${hint}\n`);
  return 2;
}

function describe(error: unknown): { code: string; details: object } {
  if (error instanceof MarquetryError) return error;
  if (error instanceof UsageError) return { code: "bad-option", details: {} };
  return { code: "internal", details: {} };
}
