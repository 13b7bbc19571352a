/** What does a typed value that rules call by name stand for? */
import type { Literal } from "./row.ts";

/** Yes and no are taken as such, and numbers that are written as numbers are; “01234” and “0x10” are codes, and text. */
export function parameter(text: string): Literal {
  const typed = text.trim();
  if (typed === "true" || typed === "false") return typed === "true";
  // Sixteen digits and more are an id: a number would round them.
  const isNumber = /^-?(0|[1-9]\d*)(\.\d+)?$/.test(typed) && typed.replace(/\D/g, "").length < 16;
  return isNumber ? Number(typed) : typed;
}
