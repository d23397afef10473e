import type { Sentences } from '../sentence.ts'

/** What a notice, an objection or a dossier does not allow. */
export const NOTICES_REFUSALS = {
  'objection-by-person': () => 'only a person decides on an objection',
  'objection-part': ({ who }: { readonly who: string }) =>
    `whoever assessed, decided, proposed, verified or let go what an objection is against does not decide on it: ${who}`,
  'objection-over': ({ state }: { readonly state: string }) => `the objection is ${state} already`,
  'objection-known': ({ id }: { readonly id: string }) =>
    `the reply is an objection already: ${id}`,
  'objection-answer-none': () => 'no answer to this objection waits to be told by hand',
  'objection-hash': () =>
    'reason: the answer goes to whoever objected: it holds no hash, and nothing that looks like one',
  'objection-reply-none': () => 'no such reply came back to the notice',
  'take-back-why': ({ known }: { readonly known: string }) =>
    `takeBack: say why the case does not stand: ${known}`,
  'take-back-none': () => 'takeBack: where an objection is rejected the case stands',
  'stop-reason': () => 'a stop states its reason',
  'answer-empty': () => 'an answer says something',
  'notice-untold': () => 'the recipient was never told by this notice',
  'aside-reason': () => 'to set it aside takes a reason',
  'notice-not-waiting': ({ state }: { readonly state: string }) =>
    `a notice that is ${state} does not wait for anybody`,
  'notice-not-by-hand': ({
    channel,
    state,
  }: {
    readonly channel: string
    readonly state: string
  }) => `a notice by ${channel} that is ${state} is not told by hand`,
  'hold-none': () => 'the notice is not held for the police',
  'hold-forbidden': () => 'the police forbid it; to lift that: hindra notices hold ID --release',
  'hold-too-late': ({ told }: { readonly told: string }) =>
    `it is too late: the host was told${told}`,
  'hold-undecided': () => 'something longer is proposed: confirm or reject that first',
  'hold-proposal-over': () => 'the time that was proposed is over: reject it',
  'hold-proposal-none': () => 'nothing is proposed that would need a second person',
  'time-form': ({ form }: { readonly form: string }) => `until is a time: ${form}`,
  'time-skipped': ({ zone }: { readonly zone: string }) => `${zone} skips that hour: say another`,
  'time-past': ({ now }: { readonly now: string }) => `until lies in the past: it is ${now}`,
  'errand-not-so': ({ ends }: { readonly ends: string }) => `that does not end it: ${ends}`,
  'letter-none': ({ role }: { readonly role: string }) => `no letter is written to ${role}`,
  'route-question': () => 'give a URL, or assume something of its host',
  'host-unfound': ({ why }: { readonly why: string }) =>
    `the host is in no known domain and ${why}`,
  'act-needs': ({ field }: { readonly field: string }) => `${field}: is needed for this act`,
  'dossier-by-person': () => 'a dossier is proposed and released by persons',
  'dossier-none': ({ why }: { readonly why: string }) => `no dossier leaves of it: ${why}`,
  'dossier-over': ({ state, again }: { readonly state: string; readonly again: string }) =>
    `the dossier was ${state} already${again}`,
  'dossier-limit': ({
    act,
    count,
    most,
  }: {
    readonly act: string
    readonly count: number
    readonly most: number
  }) => `you have ${act} ${count} within 24 hours; ${most} are the most`,
  'dossier-unreleased': () => 'the dossier was not released',
} as const satisfies Sentences
