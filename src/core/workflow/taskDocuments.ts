import { type ArchInput, type ArchScan, archSubjects, archView } from '../documents/arch.ts';
import { describe, isGenerated, staleParts } from '../documents/describes.ts';
import { generateDocument } from '../documents/generate.ts';
import type { ModuleFile } from '../documents/moduleSource.ts';
import { type ModuleReach, type PlanInput, planSubjects, planView } from '../documents/plan.ts';
import { resultSubjects, resultView } from '../documents/result.ts';
import type { View } from '../documents/template.ts';
import { loadTemplate } from '../documents/templates.ts';
import type { Missing, TaskEvidence } from '../goals/gate.ts';
import type { Task } from '../model/task.ts';
import type { Clock, Files, Templates } from '../ports.ts';
import { REPORT_KINDS, type ReportKind } from '../project/documents.ts';
import { inFolder } from '../project/layout.ts';
import type { Snapshot } from '../project/snapshot.ts';
import { resultInput } from './resultInput.ts';
import type { WrittenDocument } from './run.ts';
import type { DocumentFact } from './transition.ts';

export interface TaskDocumentPorts {
  readonly files: Files;
  readonly templates: Templates;
  readonly clock: Clock;
  /** Source files of a module with what they declare; the engine passes it, because features do not import each other. */
  readonly moduleFiles: (snapshot: Snapshot, module: string) => Promise<readonly ModuleFile[]>;
  /** What a conformance scan says, and what it knows of a module. */
  readonly architecture: (
    snapshot: Snapshot,
    module: string | undefined,
  ) => Promise<{ readonly scan: ArchScan; readonly reach: ModuleReach | undefined }>;
}

export const STALE = 'gate.document-stale';

/** Documents that are there and older than what they describe, as the gate names what is missing. */
export async function staleDocuments(documents: TaskDocuments): Promise<readonly Missing[]> {
  const found: Missing[] = [];
  for (const kind of REPORT_KINDS) {
    const { exists, changed } = await documents.state(kind);
    if (!exists || changed.length === 0) continue;
    const message = `${documents.file(kind)} is older than what it describes: ${changed.join(', ')} changed.`;
    found.push({ code: STALE, message, mend: `infrabuilder task ${kind} ${documents.slug}` });
  }
  return found;
}

/** A task whose evidence is read once a document needs it. */
export interface UnreadTask {
  readonly task: Task;
  readEvidence(): Promise<TaskEvidence>;
}

/** Plan, architecture review and result of one task, with all that they are made of read once. */
export class TaskDocuments {
  readonly #ports: TaskDocumentPorts;
  readonly #snapshot: Snapshot;
  readonly #task: Task;
  readonly #readEvidence: () => Promise<TaskEvidence>;
  #evidence: Promise<TaskEvidence> | undefined;
  #module: Promise<readonly ModuleFile[]> | undefined;
  #architecture: ReturnType<TaskDocumentPorts['architecture']> | undefined;

  constructor(ports: TaskDocumentPorts, snapshot: Snapshot, report: TaskEvidence | UnreadTask) {
    this.#ports = ports;
    this.#snapshot = snapshot;
    this.#task = report.task;
    this.#readEvidence = 'readEvidence' in report ? () => report.readEvidence() : async () => report;
  }

  get slug(): string {
    return this.#task.slug;
  }

  file(kind: ReportKind): string {
    return inFolder(this.#snapshot.layout.reports, `${this.#task.slug}_${kind}.md`);
  }

  /** Whether the document is there, and what has changed since it was written. */
  async state(kind: ReportKind): Promise<DocumentFact> {
    const text = await this.#ports.files.read(this.file(kind));
    if (text === undefined) return { exists: false, changed: [] };
    // What a person wrote without us has no marks to compare with; the gate still asks a result for fresh evidence.
    if (!isGenerated(text)) return { exists: true, changed: [] };
    return { exists: true, changed: staleParts(text, await describe(await this.#subjects(kind))) };
  }

  /** Writes the document; what a person wrote in it stays. A problem with template or markers leaves the file alone. */
  async write(kind: ReportKind): Promise<WrittenDocument> {
    const { files } = this.#ports;
    const file = this.file(kind);
    const existing = await files.read(file);
    const { text, issues } = await generateDocument({
      kind,
      file,
      existing,
      ...(await loadTemplate(this.#ports, kind)),
      view: await this.#view(kind),
      describes: await describe(await this.#subjects(kind)),
    });
    if (text !== undefined && text !== existing) await files.write(file, text, { expected: existing ?? null });
    return { file, written: text !== undefined, issues };
  }

  async #subjects(kind: ReportKind): Promise<Readonly<Record<string, unknown>>> {
    switch (kind) {
      case 'plan':
        return planSubjects(this.#snapshot, this.#task);
      case 'arch':
        return archSubjects(await this.#archInput());
      case 'result':
        return resultSubjects(await this.#resultInput());
    }
  }

  async #view(kind: ReportKind): Promise<View> {
    switch (kind) {
      case 'plan':
        return planView(await this.#planInput());
      case 'arch':
        return archView(await this.#archInput());
      case 'result':
        return resultView({ ...(await this.#resultInput()), file: this.file('result') });
    }
  }

  #taskEvidence(): Promise<TaskEvidence> {
    this.#evidence ??= this.#readEvidence();
    return this.#evidence;
  }

  async #resultInput() {
    const today = this.#ports.clock.now().toISOString().slice(0, 10);
    return resultInput(this.#snapshot, await this.#taskEvidence(), today);
  }

  async #planInput(): Promise<PlanInput> {
    const { module, reach } = await this.#moduleFacts();
    const evidence = await this.#taskEvidence();
    const acceptance = this.#task.acceptance.map((line, at) => {
      const state = evidence.acceptance[at];
      const byPerson = state === undefined || state.verdict === 'needs-person';
      const steps = (state?.steps ?? []).map((id) => id.replace(':', ' '));
      return { line, byPerson, how: byPerson ? `a person's sign-off: ${state?.detail ?? ''}` : steps.join(', ') };
    });
    return { file: this.file('plan'), snapshot: this.#snapshot, task: this.#task, module, reach, acceptance };
  }

  async #archInput(): Promise<ArchInput> {
    const { module, reach, scan } = await this.#moduleFacts();
    return { file: this.file('arch'), snapshot: this.#snapshot, task: this.#task, module, reach, scan };
  }

  async #moduleFacts() {
    const { module: name } = this.#task;
    this.#module ??= name === undefined ? Promise.resolve([]) : this.#ports.moduleFiles(this.#snapshot, name);
    this.#architecture ??= this.#ports.architecture(this.#snapshot, name);
    return { module: await this.#module, ...(await this.#architecture) };
  }
}
