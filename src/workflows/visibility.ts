import { upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import type { RedemptionView } from '../domain/redemption-view.ts';
import { ON_COURSE, isOnCourse, searchAttributes } from './search-attributes.ts';

/**
 * What search shows of a run. Given at the start, it changes only when the sale leaves its course or comes back to it. A
 * run that had to start without (and every run from before) sets everything at each move that lasts.
 */
export class SearchEntry {
  #shown: { readonly status: string; readonly reason: string | undefined } | undefined;

  constructor() {
    const { typedSearchAttributes: given } = workflowInfo();
    const status = given.get(searchAttributes.status);
    if (status !== undefined)
      this.#shown = { status, reason: given.get(searchAttributes.reason) ?? undefined };
  }

  show(view: RedemptionView): void {
    if (this.#shown === undefined) return showAll(view);
    const goesWell = isOnCourse(view.status);
    const status = goesWell ? ON_COURSE : view.status;
    const reason = goesWell ? undefined : view.reason;
    if (status === this.#shown.status && reason === this.#shown.reason) return;
    this.#shown = { status, reason };
    upsertSearchAttributes([
      { key: searchAttributes.status, value: status },
      { key: searchAttributes.reason, value: reason ?? null },
      { key: searchAttributes.reference, value: view.providerReference ?? null },
    ]);
  }
}

function showAll({ status, reason, program, store, providerReference }: RedemptionView): void {
  // These two pass at once when all is well: not worth an event of history each.
  if (status === 'deducting' || status === 'fulfilling') return;
  upsertSearchAttributes([
    { key: searchAttributes.status, value: status },
    { key: searchAttributes.reason, value: reason ?? null },
    { key: searchAttributes.program, value: program },
    { key: searchAttributes.store, value: store },
    { key: searchAttributes.reference, value: providerReference ?? null },
  ]);
}
