/** Reads a long list page by page. */
import { AnswerTooLarge } from './calls.ts';
import { ProviderError } from './provider.ts';

/** Halves the page whenever an answer is too large. @throws ProviderError, lasting, if one entry alone is too large */
export function pagesOf<Page>(
  call: string,
  most: number,
  read: (first: number, size: number) => Promise<Page>,
): (first: number) => Promise<Page> {
  let size = most;
  return async (first) => {
    for (;;) {
      try {
        return await read(first, size);
      } catch (error) {
        if (!(error instanceof AnswerTooLarge)) throw error;
        if (size === 1)
          throw new ProviderError('unknown', `${call}: one entry alone is too large to be read`, {
            isLasting: true,
          });
        size = Math.floor(size / 2);
      }
    }
  };
}
