import { SYNTAX_LANGUAGES, type SyntaxLanguage } from '../../model/conformance.ts';
import { cpp } from './cpp.ts';
import { go } from './go.ts';
import { java } from './java.ts';
import type { Language } from './language.ts';
import { python } from './python.ts';
import { rust } from './rust.ts';
import { script } from './script.ts';

const LANGUAGES: readonly Language[] = [go, script, python, java, rust, cpp];

const byExtension = new Map(
  LANGUAGES.flatMap((language) =>
    Object.entries(language.grammars).map(([extension, grammar]) => [extension, { language, grammar }] as const),
  ),
);

const byGrammar = new Map([...byExtension.values()].map(({ language, grammar }) => [grammar, language] as const));

/** By the name of the file; undefined for one that is no source file. */
export function languageOf(
  path: string,
): { readonly language: Language; readonly grammar: SyntaxLanguage } | undefined {
  return byExtension.get(path.slice(path.lastIndexOf('.') + 1).toLowerCase());
}

export function languageFor(grammar: SyntaxLanguage): Language {
  const language = byGrammar.get(grammar);
  if (language === undefined) throw new Error(`No language for the grammar ${grammar}.`);
  return language;
}

/** The grammars that a rule for `language` is run with: one for TypeScript covers .tsx files as well. */
export function grammarsOf(language: SyntaxLanguage): readonly SyntaxLanguage[] {
  return language === 'typescript' ? ['typescript', 'tsx'] : SYNTAX_LANGUAGES.filter((one) => one === language);
}
