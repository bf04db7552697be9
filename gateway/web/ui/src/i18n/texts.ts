import { zh } from './zh';

/** Every language has the same keys with the same kinds of value: a missing one does not compile. */
export type Texts = { [K in keyof typeof zh]: (typeof zh)[K] extends (...args: infer A) => string ? (...args: A) => string : string };
