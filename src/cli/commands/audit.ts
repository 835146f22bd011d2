import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { type AuditReport, auditHolds } from '../../core/audit/audit.ts';
import { auditMarkdown } from '../../core/audit/render/markdown.ts';
import { auditText } from '../../core/audit/render/text.ts';
import { errorMessage, HumanError } from '../../core/base/errors.ts';
import type { Engine } from '../../core/engine.ts';
import { auditJson, auditWorkspace } from '../../core/operations/audit.ts';
import type { Context } from '../context.ts';
import { EXIT } from '../exit.ts';
import { nearestWorkspace } from '../workspace.ts';
import { addCommon, type CommonOptions } from './common.ts';

interface AuditCliOptions extends CommonOptions {
  readonly run?: boolean;
  readonly format: 'text' | 'json' | 'markdown';
  readonly markdown?: string;
}

export function addAudit(program: Command, context: Context): void {
  addCommon(program.command('audit'))
    .description('put every claim of a repository beside its evidence, and name what contradicts it')
    .option('--run', 'also build what is found and run the configured checks; without it nothing is run')
    .addOption(new Option('--format <format>', 'how to print').choices(['text', 'json', 'markdown']).default('text'))
    .option('--markdown <file>', 'write the report as Markdown as well')
    .addHelpText('after', EXAMPLES)
    .action((options: AuditCliOptions) => run(options, context));
}

async function run(options: AuditCliOptions, context: Context): Promise<void> {
  const { io } = context;
  const report = await auditWorkspace(openRepository(options, context), {
    run: options.run,
    signal: io.signal,
    say: (message) => context.say(`${message}\n`),
  });
  if (options.markdown !== undefined) writeMarkdown(resolve(io.cwd, options.markdown), report);
  const format = options.json ? 'json' : options.format;
  if (format === 'json') context.printJson(auditJson(report));
  else context.print(format === 'markdown' ? auditMarkdown(report) : auditText(report));
  context.exitCode = auditHolds(report) ? EXIT.holds : EXIT.doesNotHold;
}

/** The nearest workspace or git repository upwards, else the folder itself: what lies above a repository is not its business. */
function openRepository(options: CommonOptions, context: Context): Engine {
  if (options.cwd !== undefined) return context.engine(options);
  const here = resolve(context.io.cwd);
  for (let folder = here; ; folder = dirname(folder)) {
    const isRoot = existsSync(join(folder, '.git')) || nearestWorkspace(folder) === folder;
    if (isRoot) return context.open(folder, here);
    if (dirname(folder) === folder) return context.open(here, here);
  }
}

function writeMarkdown(file: string, report: AuditReport): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, auditMarkdown(report));
  } catch (error) {
    throw new HumanError('audit.markdown', `${file} cannot be written: ${errorMessage(error)}`, 'Name another file.');
  }
}

const EXAMPLES = `
Examples:
  infrabuilder audit
  infrabuilder audit --cwd ~/some/repository --run
  infrabuilder audit --json > audit.json
  infrabuilder audit --markdown audit.md

Works on any repository; it needs no configuration. A claim is supported, stale, contradicted or without evidence.
Exit code 1: a claim is contradicted or without evidence, or a finding is an error.
`;
