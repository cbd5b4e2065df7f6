/** What was typed, as commander hands it on: text, which nothing has checked yet. */
import type { ListFilter } from '../client/redemption-list.ts';

export interface SaleOptions {
  readonly program: string;
  readonly id: string;
}

export interface AskOptions {
  readonly program: string;
  readonly member: string;
  readonly points?: string;
  readonly amount?: string;
}

export type QuoteOptions = AskOptions & { readonly basket?: string };

export type RedeemOptions = SaleOptions &
  AskOptions & {
    readonly basket: string;
    readonly store: string;
    readonly till: string;
    readonly cashier?: string;
    readonly saleTime?: string;
    readonly deductBy?: string;
    readonly paymentDeadline?: string;
  };

export type ReportOptions = SaleOptions & {
  readonly event?: string;
  readonly payment?: string;
  readonly amount?: string;
  readonly reason?: string;
};

export type WaitOptions = SaleOptions & { readonly timeout: string };

/** Who changes a sale by hand, and why. */
export interface ActOptions {
  readonly by: string;
  readonly why: string;
  readonly yes?: true;
}

export interface ListOptions {
  readonly program?: string;
  readonly store?: string;
  readonly status?: ListFilter['status'];
  readonly reason?: ListFilter['reason'];
  readonly member?: string;
  readonly olderThan?: string;
  readonly newerThan?: string;
  readonly needsAttention?: true;
  readonly limit: string;
}

export type RetryOptions = Partial<SaleOptions> & ActOptions & { readonly query?: string };

export type ResolveOptions = SaleOptions &
  ActOptions & { readonly as: string; readonly reference?: string };

export interface AccessKeyOptions {
  readonly file: string;
  readonly id: string;
  readonly scopes?: string[];
  readonly programs?: string[];
  readonly stores?: string[];
  readonly idPrefix?: string[];
  readonly expires?: string;
}

export interface FileOption {
  readonly file: string;
}
export type KeyOption = FileOption & { readonly key: string };
export type CodecTokenOptions = FileOption & { readonly id: string };
