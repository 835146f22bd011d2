import { type BootstrapRequest, bootstrapOptions } from '../../../src/core/bootstrap/options.ts';
import { planBootstrap } from '../../../src/core/bootstrap/plan.ts';
import { planText } from '../../../src/core/bootstrap/render.ts';
import type { Survey } from '../../../src/core/bootstrap/survey.ts';
import type { TargetState, TemplateFile } from '../../../src/core/ports.ts';

export const MISSING: TargetState = {
  path: '/work/ws',
  kind: 'missing',
  place: 'ordinary',
  entries: [],
  repository: undefined,
  workspaceAbove: undefined,
};

export function template(path: string, content = `${path}\n`): TemplateFile {
  return { path, content, executable: content.startsWith('#!') };
}

const TEMPLATES = ['Makefile', 'docs/runbook.md', 'infrabuilder.yaml'].map((path) => template(path));

/** A survey of a folder that is not there yet, but for what `part` says. `existing` maps paths to texts. */
export function surveyOf(part: Partial<Omit<Survey, 'existing'>> & { existing?: Record<string, string> } = {}): Survey {
  const { existing = {}, ...rest } = part;
  return {
    target: MISSING,
    templates: TEMPLATES,
    plain: new Map(),
    skill: '---\nname: infrabuilder\ndescription: Works.\n---\n\n# The loop\n',
    folders: new Set(),
    tasks: new Map(),
    blueprint: undefined,
    adr: undefined,
    source: 'missing',
    testbed: 'missing',
    git: true,
    containers: { kind: 'unavailable', reason: 'no Docker engine answers' },
    ...rest,
    existing: new Map(Object.entries(existing).map(([path, text]) => [path, { text }])),
  };
}

/** The printed plan. */
export function planned(request: BootstrapRequest, survey: Survey): string[] {
  return planText(planBootstrap(bootstrapOptions(request), survey)).map((line) => line.trim().replace(/ {2,}/g, ' '));
}
