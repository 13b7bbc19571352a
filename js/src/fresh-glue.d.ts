/**
 * The generated glue keeps its one instance in variables of its module. This module, made by `scripts/build.mjs` from the
 * glue as it is, gives a fresh copy of them at each call.
 */
export declare function freshEngine(): typeof import("../../pkg/engine.js");
export declare function freshExchange(): typeof import("../../pkg/exchange.js");
export declare function freshWorkbook(): typeof import("../../pkg/workbook.js");
