import { upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import type { RedemptionView } from '../domain/redemption-view.ts';
import { ON_COURSE, isOnCourse, searchAttributes } from './search-attributes.ts';

/**
 * Keeps what search shows of a run. If the start gave attributes, they change only when the sale leaves its normal course or
 * returns to it. A run that started without them sets all of them at each move that lasts.
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
  // These two statuses usually pass at once, so they are not worth an event of history each.
  if (status === 'deducting' || status === 'fulfilling') return;
  upsertSearchAttributes([
    { key: searchAttributes.status, value: status },
    { key: searchAttributes.reason, value: reason ?? null },
    { key: searchAttributes.program, value: program },
    { key: searchAttributes.store, value: store },
    { key: searchAttributes.reference, value: providerReference ?? null },
  ]);
}
