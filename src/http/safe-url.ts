/** Says where a configured URL must not lead. */
import ipaddr from 'ipaddr.js';

/** Addresses that no service has, and where a cloud shows the credentials of a machine (the metadata service). */
const FORBIDDEN_RANGES: readonly string[] = ['linkLocal', 'unspecified', 'multicast', 'broadcast'];
const METADATA_HOSTS: readonly string[] = ['metadata.google.internal', 'fd00:ec2::254'];

/** Returns whether the host is link-local, or anything else that is never a service. */
export function isForbiddenHost(url: string): boolean {
  return isForbiddenAddress(hostOf(url));
}

/** The same of a host alone. A name is none of these, but may lead to one: see `lookup.ts`. */
export function isForbiddenAddress(host: string): boolean {
  if (METADATA_HOSTS.includes(host)) return true;
  return ipaddr.isValid(host) && FORBIDDEN_RANGES.includes(ipaddr.process(host).range());
}

/** Returns whether what is sent there can be read on the way: http to another machine than this one. */
export function isInTheClear(url: string): boolean {
  return new URL(url).protocol === 'http:' && !isLoopback(hostOf(url));
}

function isLoopback(host: string): boolean {
  if (host === 'localhost' || host.endsWith('.localhost')) return true;
  return ipaddr.isValid(host) && ipaddr.process(host).range() === 'loopback';
}

/** The URL's parser has written every form of an address in the usual one. */
function hostOf(url: string): string {
  return new URL(url).hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
}
