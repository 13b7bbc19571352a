/** Counted from the sample when the page is built. */
declare const SAMPLE_PICTURE: import("./sample/picture.ts").Picture;
