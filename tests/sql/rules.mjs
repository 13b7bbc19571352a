// Rules at random over the tables of tables.mjs: every test, operand and way of asking for orders, as rule text.
import { chance } from "./chance.mjs";
import { CATEGORIES, ODD, REFERENCE, TAGS, WORDS } from "./tables.mjs";

const quote = (text) => `'${text.replaceAll("'", "''")}'`;

/** A function that makes one rule after another. */
export function ruleMaker(seed) {
  const { whole, one, often, some } = chance(seed);
  const maybe = (share, text) => (often(share) ? text : "");
  const literal = () => String(one([0, 1, 2, 3, 5, 10, 100, -1, 0.5, 0.25, 99.5, 12, 0.1, 0.3]));
  const unit = () => one(["day", "week", "month", "quarter", "year"]);
  const amount = (of) => whole(1, { day: 120, week: 20, month: 14, quarter: 5, year: 4 }[of] ?? 100);
  const span = (units = unit()) => {
    const n = amount(units);
    return `${n} ${units}${n === 1 ? "" : "s"}`;
  };
  const aDay = () => quote(one([REFERENCE, "2024-01-31", "2023-02-28", "2023-11-30", "2024-03-01", "2000-01-01"]));
  const comparison = () => one(["=", "!=", "<", "<=", ">", ">="]);

  /** Tests of a day, without its subject. */
  const dayTest = () =>
    one([
      () => `${comparison()} ${aDay()}`,
      () => `${maybe(0.3, "not ")}between ${aDay()} and ${aDay()}${maybe(0.3, " exclusive")}`,
      () => `${maybe(0.3, "not ")}in ${one(["last", "next"])} ${span()}`,
      () => `${maybe(0.3, "not ")}in ${one(["previous", "this", "next"])} ${unit()}`,
      () =>
        `in ${one(["previous", "this", "next"])} fiscal ${one(["quarter", "year"])} from ${one(["april", "february", "october", "december"])}`,
    ])();
  const window = () => (often(0.55) ? "" : often(0.2) ? "" : ` ${dayWindow()}`);
  const dayWindow = () =>
    one([
      () => `in last ${span()}`,
      () => `in ${one(["previous", "this"])} ${unit()}`,
      () => `between ${aDay()} and ${aDay()}`,
      () => `${one(["before", "after", "on or before"])} ${aDay()}`,
    ])();
  /** What is asked of order lines. */
  const lineCondition = () =>
    one([
      () => `category ${one(["=", "!="])} ${quote(one(CATEGORIES))}`,
      () => `category = ${quote(one(["coffee", "TEA"]))} ignoring case`,
      () => `category in (${some(CATEGORIES, 2).map(quote).join(", ")})`,
      () => `amount ${comparison()} ${one([0, 10, 25, 50.25, 100])}`,
      () => `pieces * amount > ${one([50, 100])}`,
      () => `returned = ${one(["true", "false"])}`,
      () => `shipped ${one(["<", ">"])} day`,
      () => `note is ${maybe(0.5, "not ")}missing`,
      () => `note contains ${quote(one(["g", "'", "%", "rush"]))}`,
      () => `days_between(day, shipped) > 3`,
      () => `amount > 20 treat missing as ${one(["0", "50", "true"])}`,
    ])();
  const where = () =>
    often(0.45)
      ? ""
      : ` where ${often(0.7) ? lineCondition() : `${maybe(0.3, "not ")}(${lineCondition()} ${one(["and", "or"])} ${lineCondition()})`}`;
  const measured = one;
  /** What orders come to, as a number. */
  const orderNumber = () =>
    one([
      () => `count(orders${where()}${window()})`,
      () => `count(orders${where()}${window()})`,
      () => `count(lines${where()}${window()})`,
      () => `days_active(orders${where()}${window()})`,
      () => `${measured(["sum", "avg", "min", "max"])}(amount of orders${where()}${window()})`,
      () => `distinct(${one(["category", "pieces", "day", "amount"])} of orders${where()}${window()})`,
      () => `${one(["first", "last", "most_frequent"])}(${one(["amount", "pieces"])} of orders${where()}${window()})`,
      () => `nth(${whole(1, 4)}, ${one(["amount", "pieces"])} of orders${where()}${window()})`,
      () => `count(${one(["orders", "lines"])}${where()} in any ${whole(1, 60)} days)`,
      () => `sum(amount of orders${where()} in any ${whole(1, 60)} days)`,
      () => `days_active(orders${where()} in any ${whole(1, 60)} days)`,
    ])();
  const numberCall = () =>
    one([
      () => `length(${one(["odd", "word", "city"])})`,
      () => "length(tags)",
      () => `absolute(${number(0)})`,
      () => `${one(["year", "quarter", "month", "day", "weekday"])}(${one(["born", "seen", "clicked"])})`,
      () => "hour(clicked)",
      () => `days_between(${one(["born", "seen", "clicked"])}, ${one(["seen", "born", "reference_date()"])})`,
      () => `percentile_rank(${one(["n", "m", "seen"])}${maybe(0.4, one([", city", ", vip", ", odd"]))})`,
      () => `random(${one(["id", "odd", "code", "seen"])}, ${quote(one(["seed", "a'b\\"]))})`,
      () => `distance_${one(["km", "miles"])}(lat, "it""s lo\`ng]", 48.1, 11.6)`,
    ])();
  const number = (depth = 2) =>
    depth > 0 && often(0.3)
      ? `(${number(depth - 1)} ${one(["+", "-", "*", "/"])} ${often(0.5) ? literal() : number(depth - 1)})`
      : one(["n", "m", "n", '"whole number"', "code"]);
  const bare = (text) => (text.startsWith("(") ? text.slice(1, -1) : text);
  const numberSubject = () =>
    one([() => bare(number()), () => number(0), () => numberCall(), () => orderNumber(), () => orderNumber()])();
  const numberTest = () =>
    one([
      () => `${comparison()} ${often(0.7) ? literal() : number(1)}`,
      () => `${comparison()} ${literal()}`,
      () =>
        `${maybe(0.3, "not ")}between ${literal()} and ${often(0.7) ? literal() : number(0)}${maybe(0.3, " exclusive")}`,
      () => `${maybe(0.3, "not ")}in (${literal()}, ${literal()}, ${number(0)})`,
      () => `is ${maybe(0.5, "not ")}missing`,
    ])();
  const textLiteral = (fold) => quote(fold ? one(WORDS) : one(ODD));
  const text = () => {
    const fold = often(0.4);
    const column = fold ? one(["word", "word", "city"]) : one(["odd", "odd", "word", "city"]);
    const piece = (from) => {
      const [...letters] = one(from.filter(Boolean));
      const at = whole(0, letters.length - 1);
      return quote(letters.slice(at, at + whole(1, 3)).join(""));
    };
    const from = fold ? WORDS : ODD;
    const like = () => {
      const letters = [...one(from.filter(Boolean))].map((letter) =>
        often(0.25) ? one(["%", "_"]) : "%_\\".includes(letter) ? `\\${letter}` : letter,
      );
      return quote(`${maybe(0.4, "%")}${letters.join("")}${maybe(0.4, "%")}`);
    };
    const test = one([
      () => `${comparison()} ${textLiteral(fold)}`,
      () => `= ${textLiteral(fold)}`,
      () => `${one(["=", "<", ">"])} ${one(fold ? ["word"] : ["city", "odd", "word"])}`,
      () => `${maybe(0.4, "not ")}in (${textLiteral(fold)}, ${textLiteral(fold)}, ${textLiteral(fold)})`,
      () =>
        `${one(["contains", "starts with", "ends with", "does not contain", "does not start with", "does not end with"])} ${often(0.9) ? piece(from) : "''"}`,
      () => `${one(["contains", "starts with", "ends with"])} ${fold ? "word" : one(["city", "odd"])}`,
      () => `${maybe(0.3, "not ")}like ${like()}`,
      () => `${maybe(0.3, "not ")}matches ${quote(one(["^[a-c]", "a.*b", "[0-9]+", "(l|n)+e", "x?y*", "\\.", "a$"]))}`,
      () => `is ${maybe(0.5, "not ")}missing`,
      () => `is ${maybe(0.5, "not ")}blank`,
      () => `between ${textLiteral(fold)} and ${textLiteral(fold)}`,
    ])();
    const known = /^is /.test(test);
    const folds = fold && !known ? " ignoring case" : "";
    const missing =
      often(0.15) && !known ? ` treat missing as ${one(["true", "false", quote(one(fold ? WORDS : ODD))])}` : "";
    return `${column} ${test}${folds}${missing}`;
  };
  const list = () => {
    const tags = () => `(${some(TAGS, whole(1, 3)).map(quote).join(", ")})`;
    const fold = often(0.3);
    const test = one([
      () => `${one(["any of", "none of", "all of", "not all of", "exactly", "not exactly"])} ${tags()}`,
      () =>
        `${one(["=", "!=", "contains", "does not contain", "starts with", "ends with"])} ${quote(one(["vip", "sale", "a", "x%", "it's", "e"]))}`,
      () => `in ${tags()}`,
      () => `is ${maybe(0.5, "not ")}${one(["missing", "blank"])}`,
    ])();
    const known = /^is /.test(test);
    if (often(0.25)) {
      const made = some(CATEGORIES, whole(1, 2)).map(quote).join(", ");
      return `list(category of orders${where()}${window()}) ${one(["any of", "all of", "none of", "exactly"])} (${made})`;
    }
    return `tags ${test}${fold && !known ? " ignoring case" : ""}${often(0.15) && !known ? ` treat missing as ${one(["true", "false", "'vip'"])}` : ""}`;
  };
  const date = () => {
    const subject = one([
      () => one(["born", "seen", "clicked"]),
      () => one(["born", "seen", "clicked"]),
      () => `${one(["first", "last", "max", "min"])}(day of orders${where()}${window()})`,
    ])();
    const test = one([
      () => dayTest(),
      () => dayTest(),
      () => `${maybe(0.3, "not ")}anniversary in ${one(["last", "next"])} ${whole(1, 366)} days`,
      () => `${one(["=", "<", ">="])} ${one(["born", "seen", "clicked", "reference_date()"])}`,
      () => `is ${maybe(0.5, "not ")}missing`,
      () => `${maybe(0.3, "not ")}in ${one(["top", "bottom"])} ${whole(1, 30)}${maybe(0.4, " percent")}`,
    ])();
    const known = /^is /.test(test) || /(top|bottom)/.test(test);
    return `${subject} ${test}${often(0.15) && !known ? ` treat missing as ${one(["true", "false", aDay()])}` : ""}`;
  };
  const moment = () =>
    one([
      () => `clicked ${maybe(0.3, "not ")}in ${one(["last", "next"])} ${whole(1, 5000)} hours`,
      () =>
        `clicked ${comparison()} '${one(["2024-02-29", "2024-01-31", "2023-02-28"])}T12:${one(["30:00", "59:59.999"])}Z'`,
    ])();
  const rank = () =>
    `${one(["n", "m", "seen", '"whole number"', "n + m"])} ${maybe(0.3, "not ")}in ${one(["top", "bottom"])} ${whole(1, 40)}${maybe(0.4, " percent")}${maybe(0.4, one([" per city", " per vip", " per odd", ' per "whole number"']))}${maybe(0.4, " ties by id")}`;
  const boolean = () => {
    const test = one(["= true", "= false", "!= true", "= opted", "in (true)", "is missing", "is not missing"]);
    const filling = often(0.4) && !/^is /.test(test);
    const missing = filling ? ` treat missing as ${one(["true", "false", "'yes'", "'no'", "0", "1", ":willing"])}` : "";
    return `${one(["vip", "opted"])} ${test}${missing}`;
  };
  const ofOrders = () =>
    one([
      () =>
        `${maybe(0.3, "not ")}sequence(orders${where()} then ${maybe(0.4, "not ")}orders${where()} within ${span()}${maybe(0.4, one([" with same category", " with same amount"]))})`,
      () => `never(orders${where()}${window()})`,
      () => `ever(orders${where()}${window()})`,
      () =>
        `${one(["first", "last", "most_frequent", "min", "max"])}(category of orders${where()}${window()}) ${one(["=", "!=", "<", ">"])} ${quote(one(CATEGORIES))}`,
      () => `${one(["first", "most_frequent"])}(returned of orders${where()}) = ${one(["true", "false"])}`,
      () => `nth(2, category of orders${window()}) contains 'e'${maybe(0.3, " treat missing as 'tee'")}`,
      () => `count(orders where category = 'coffee') > count(orders where category = 'tea')`,
      () => `count(orders${where()}) / count(orders) > 0.5${maybe(0.3, " treat missing as 1")}`,
    ])();
  const numeric = () => {
    const test = numberTest();
    return `${numberSubject()} ${test}${often(0.2) && !/^is /.test(test) ? ` treat missing as ${one(["0", "5", "-1", "true", "false"])}` : ""}`;
  };
  const named = () =>
    one([
      "in segment 'VIP'",
      "not in segment 'VIP'",
      "n >= :least",
      "city = :town",
      "count(orders) >= :least",
      "born > :since",
    ]);
  const leaf = () =>
    one([
      named,
      numeric,
      numeric,
      numeric,
      text,
      text,
      text,
      list,
      date,
      date,
      moment,
      rank,
      boolean,
      ofOrders,
      ofOrders,
    ])();
  const rule = (depth) => {
    if (depth === 0 || often(0.35)) return `${maybe(0.15, "not ")}${leaf()}`;
    const parts = Array.from({ length: whole(2, 3) }, () => rule(depth - 1));
    return `${maybe(0.2, "not ")}(${parts.join(` ${one(["and", "or"])} `)})`;
  };
  return () => rule(one([0, 0, 1, 1, 2, 3]));
}
