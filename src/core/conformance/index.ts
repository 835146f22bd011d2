export { type BaselineUpdate, updateBaseline } from './baseline.ts';
export {
  type Conformance,
  type ConformanceOptions,
  createConformance,
  RULES_FILE,
  type ScanOptions,
} from './conformance.ts';
export { discoverRules } from './discover.ts';
export { languageOf } from './languages/index.ts';
export { reportIssues } from './render/issues.ts';
export { reportJson } from './render/json.ts';
export { reportMarkdown } from './render/markdown.ts';
export { reportSarif } from './render/sarif.ts';
export { reportText } from './render/text.ts';
export type { AcceptedViolation, ConformanceReport, RuleResult, RuleVerdict, Violation } from './report.ts';
export { type ModuleScope, moduleScopeText } from './scope.ts';
export type { Trespass } from './trespass.ts';
