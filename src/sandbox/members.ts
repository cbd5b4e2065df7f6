/** The members that the sandbox starts with, so that a first try needs no set-up. */
import { coffeeClub, travelMiles } from '../programs/sandbox.ts';
import type { Ledger, MemberState } from './ledger.ts';

interface FirstMember {
  readonly program: string;
  readonly memberId: string;
  readonly aliases: readonly string[];
  readonly points: number;
  readonly state: MemberState;
}

/**
 * | Program | Member (or any of its aliases) | Points | |
 * | --- | --- | --- | --- |
 * | coffee-club | `member-1` (`4000000001`, `auth-member-1`) | 100 000 | |
 * | coffee-club | `member-2` (`4000000002`, `auth-member-2`) | 5 000 | |
 * | coffee-club | `member-poor` (`4000000003`, `auth-member-poor`) | 50 | too few for most sales |
 * | travel-miles | `member-1` (`member-1@example.com`) | 100 000 | |
 * | travel-miles | `member-2` (`member-2@example.com`) | 5 000 | |
 * | travel-miles | `member-poor` (`member-poor@example.com`) | 50 | too few for most sales |
 * | travel-miles | `member-inactive` (`member-inactive@example.com`) | 10 000 | refused: not active |
 */
export const firstMembers: readonly FirstMember[] = [
  cafeMember('member-1', '4000000001', 100_000),
  cafeMember('member-2', '4000000002', 5_000),
  cafeMember('member-poor', '4000000003', 50),
  traveller('member-1', 100_000),
  traveller('member-2', 5_000),
  traveller('member-poor', 50),
  traveller('member-inactive', 10_000, 'inactive'),
];

function cafeMember(memberId: string, accountNumber: string, points: number): FirstMember {
  const aliases = [accountNumber, `auth-${memberId}`];
  return { program: coffeeClub.id, memberId, aliases, points, state: 'active' };
}

function traveller(memberId: string, points: number, state: MemberState = 'active'): FirstMember {
  return { program: travelMiles.id, memberId, aliases: [`${memberId}@example.com`], points, state };
}

/** Adds the members that are missing. A ledger that was kept in a file has them already, with their later balances. */
export function addFirstMembers(ledger: Ledger): void {
  for (const member of firstMembers)
    if (ledger.member(member.program, member.memberId) === undefined)
      ledger.commit({ type: 'member', member: { ...member, lowest: member.points } });
}
