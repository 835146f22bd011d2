import { sha256 } from '../base/digest.ts';
import type { Statement } from '../model/evidence.ts';

type Unsealed = Statement extends infer S
  ? S extends { predicate: infer P }
    ? Omit<S, 'predicate'> & { readonly predicate: Omit<P, 'seal'> }
    : never
  : never;

/** The text of an evidence file, with the seal that `sealHolds` looks for. */
export async function sealedText(statement: Unsealed): Promise<string> {
  const seal = await sha256(JSON.stringify(statement));
  return `${JSON.stringify({ ...statement, predicate: { ...statement.predicate, seal } }, undefined, 2)}\n`;
}

/** False where any value, key or their order was changed since the statement was written. */
export async function sealHolds(statement: unknown): Promise<boolean> {
  if (!isRecord(statement) || !isRecord(statement.predicate)) return false;
  const { seal, ...predicate } = statement.predicate;
  return (await sha256(JSON.stringify({ ...statement, predicate }))) === seal;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
