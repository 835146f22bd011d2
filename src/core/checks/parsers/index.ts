import type { ParserName } from '../../model/check.ts';
import { parseBuf } from './buf.ts';
import { parseGeneric } from './generic.ts';
import { parseGoBench } from './gobench.ts';
import { parseGofmt } from './gofmt.ts';
import { parseGolangci } from './golangci.ts';
import { parseGoTest } from './gotest.ts';
import type { Parser } from './parser.ts';
import { parseReplay } from './replay.ts';

/** A new tool is a file beside this one and a line here. */
export const parsers: Record<ParserName, Parser> = {
  generic: parseGeneric,
  gotest: parseGoTest,
  gobench: parseGoBench,
  golangci: parseGolangci,
  gofmt: parseGofmt,
  buf: parseBuf,
  replay: parseReplay,
};
