/** A mapping while it is written, the sample beside it, and what would become of that. */
import * as api from '../../api/mappings';
import type { Mapping, Sample, TriedDocument } from '../../api/mappings';
import { ApiError, type FieldProblem } from '../../api/http';
import { messageOf } from '../../state/toasts.svelte';
import type { LineError } from '../lines';
import { EXAMPLE } from './example';
import { readJson, refusedLines, triedLines } from './faults';

export type SampleKind = 'document' | 'quarantined' | 'device';

const pretty = (value: unknown) => JSON.stringify(value, null, 2);

export class MappingEditor {
  name = $state('');
  source = $state('');
  definition = $state('');
  sampleKind = $state<SampleKind>('document');
  document = $state('');
  entry = $state('');
  device = $state('');
  problems = $state.raw<FieldProblem[]>([]);
  /** Why it was neither saved nor tried, where no field is at fault. */
  failure = $state('');
  overtaken = $state(false);
  busy = $state<'' | 'save' | 'try'>('');
  tried = $state.raw<TriedDocument[] | null>(null);
  documentErrors = $state.raw<LineError[]>([]);
  saved = $state.raw<Mapping | null>(null);
  #before = $state.raw({ name: '', source: '', definition: '' });
  /** The definition that the lines of `tried` are of. */
  #triedDefinition = $state('');

  dirty = $derived(
    this.name !== this.#before.name ||
      this.source !== this.#before.source ||
      this.definition !== this.#before.definition,
  );
  stale = $derived(this.tried !== null && this.definition !== this.#triedDefinition);
  definitionErrors = $derived([
    ...refusedLines(this.problems),
    ...(this.tried && !this.stale ? triedLines(this.definition, this.tried) : []),
  ]);

  constructor(mapping: Mapping | null) {
    this.#take(mapping);
    this.document = mapping ? '' : EXAMPLE.document;
  }

  of(field: 'name' | 'source'): string | undefined {
    return this.problems.find((problem) => problem.field === field)?.reason;
  }

  /** What was refused is about a text that is another one by now. */
  changed(): void {
    this.problems = this.problems.filter(({ field }) => field === 'name' || field === 'source');
  }

  async save(): Promise<Mapping | null> {
    this.#begin('save');
    const draft = { name: this.name.trim(), source: this.source.trim() };
    const definition = this.definition;
    try {
      const mapping = this.saved
        ? await api.change(this.saved.id, { ...draft, definition, version: this.saved.version })
        : await api.add({ ...draft, definition });
      this.saved = mapping;
      this.#before = { name: this.name, source: this.source, definition };
      return mapping;
    } catch (error) {
      await this.#refused(error);
      return null;
    } finally {
      this.busy = '';
    }
  }

  async try(): Promise<void> {
    this.documentErrors = [];
    const sample = this.#sample();
    if (!sample) return;
    this.#begin('try');
    const definition = this.definition;
    try {
      const source = this.sampleKind === 'device' ? this.source.trim() : undefined;
      const answer = await api.tryOut(definition, sample, source);
      this.tried = answer.documents;
      this.#triedDefinition = definition;
    } catch (error) {
      this.tried = null;
      await this.#refused(error);
    } finally {
      this.busy = '';
    }
  }

  /** Takes what somebody else has saved in the meantime. */
  async loadTheirs(): Promise<void> {
    const all = await api.list();
    this.#take(all.find(({ id }) => id === this.saved?.id) ?? null);
  }

  #sample(): Sample | null {
    if (this.sampleKind === 'quarantined') return { quarantined: this.entry };
    if (this.sampleKind === 'device') return { device: this.device, latest: 5 };
    const read = readJson(this.document);
    if ('error' in read) {
      this.documentErrors = [read.error];
      return null;
    }
    return { document: read.value };
  }

  #begin(what: 'save' | 'try'): void {
    this.busy = what;
    this.problems = [];
    this.failure = '';
  }

  async #refused(error: unknown): Promise<void> {
    this.problems = error instanceof ApiError ? error.fields : [];
    const sample = this.problems.find(({ field }) => field.startsWith('sample'));
    if (sample) this.documentErrors = [{ line: null, reason: sample.reason }];
    this.failure = this.problems.length ? '' : messageOf(error);
    if (error instanceof ApiError && error.status === 409 && this.saved) {
      const now = await api.list().catch(() => []);
      const theirs = now.find(({ id }) => id === this.saved?.id);
      this.overtaken = theirs !== undefined && theirs.version !== this.saved.version;
    }
  }

  #take(mapping: Mapping | null): void {
    this.saved = mapping;
    this.name = mapping?.name ?? '';
    this.source = mapping?.source ?? '';
    this.definition = mapping ? pretty(mapping.definition) : EXAMPLE.definition;
    this.#before = { name: this.name, source: this.source, definition: this.definition };
    this.problems = [];
    this.failure = '';
    this.overtaken = false;
    this.tried = null;
  }
}
