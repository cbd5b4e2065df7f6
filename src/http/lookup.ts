/** Resolves the host names of services. Whoever answers for a name must not lead us to a machine's own metadata. */
import { lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { isForbiddenAddress } from './safe-url.ts';

/** Refuses a name if one of its addresses is link-local, or another that is never a service. */
export function refusingForbidden(resolve: LookupFunction): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, options, (error, address, family) => {
      const addresses = Array.isArray(address) ? address.map((each) => each.address) : [address];
      if (error === null && addresses.some(isForbiddenAddress)) {
        const refused = new Error('the host name leads to an address that is never a service');
        callback(Object.assign(refused, { code: 'EFORBIDDENADDRESS' }), address, family);
      } else callback(error, address, family);
    });
  };
}

export const lookupOfServices = refusingForbidden(lookup);
