/** The bundled code of what runs in the thread that brings bytes; `scripts/build.mjs` makes this module. */
export declare const bringerSource: string;
