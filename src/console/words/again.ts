import type { InBoth, Same } from './in-both.ts'

const en = {
  title: 'Decide again',
  intro:
    'A few decisions are drawn and decided once more by somebody else, who is not shown what was decided. It says how well the house decides, and nothing of any one person.',
  list: 'That you may decide again',
  differing: 'Two differ: yours is the third word',
  where: 'Where',
  what: 'What',
  kinds: { match: 'A match', assessment: 'Something new' },
  since: 'Since the hour',
  waited: 'Has waited',
  hours: (count: number) => (count < 1 ? 'under an hour' : `${count} h`),
  taken: 'Yours',
  one: 'A decision, once more',
  two: 'Two who decided differently',
  take: 'Take it',
  takeHint:
    'Nobody else decides it meanwhile. Until you have decided, or left it to others, Hindra shows you nothing that names its case: that would tell you what was decided.',
  heldUntil: 'Yours until',
  evidence: 'What the match stands on',
  decide: 'Your decision',
  decideHint: 'Decide as if nobody had. What was decided stays as it is, whatever you say.',
  answers: { accepted: 'The match is right', rejected: 'The match is not right' },
  go: 'Decide',
  leave: 'Leave it to others',
  leaveHint: 'You do not get this one again, and are shown its case as before.',
  leaveGo: 'Leave it',
  case: 'Case',
  first: 'Decided first',
  second: 'Decided again',
  settle: 'Your word on it',
  settleHint:
    'Look at the case before you say it. Nothing has been taken back, and nothing is unless you correct it here; then whoever was told is told so.',
  outcome: 'What is right',
  outcomes: {
    stands: 'The first: the decision stands',
    corrected: 'The second: correct it now',
    noted: 'Neither is corrected: I say why',
  },
  takeBack: 'Where you correct it: why the case does not stand',
  acceptHint:
    'The match was rejected. Where you correct it, it is accepted, and whoever removes it is told as of any other.',
  nothing: 'nothing is taken back',
  both: 'What both said',
  which: 'Which',
  said: 'Said',
  settleGo: 'Settle it',
} as const

const sv: Same<typeof en> = {
  title: 'Besluta igen',
  intro:
    'Några få beslut lottas ut och fattas en gång till av någon annan, som inte får se vad som beslutades. Det visar hur väl verksamheten beslutar, och säger inget om någon enskild.',
  list: 'Som du kan besluta igen',
  differing: 'Två är oense: du är den tredje',
  where: 'Var',
  what: 'Vad',
  kinds: { match: 'En träff', assessment: 'Något nytt' },
  since: 'Sedan timmen',
  waited: 'Har väntat',
  hours: (count) => (count < 1 ? 'under en timme' : `${count} h`),
  taken: 'Ditt',
  one: 'Ett beslut, en gång till',
  two: 'Två som beslutade olika',
  take: 'Ta det',
  takeHint:
    'Ingen annan beslutar under tiden. Tills du har beslutat, eller lämnat det till andra, visar Hindra dig inget som nämner ärendet: då skulle du se vad som beslutades.',
  heldUntil: 'Ditt till',
  evidence: 'Det som träffen vilar på',
  decide: 'Ditt beslut',
  decideHint:
    'Besluta som om ingen hade gjort det. Det som beslutades ligger fast, vad du än säger.',
  answers: { accepted: 'Träffen stämmer', rejected: 'Träffen stämmer inte' },
  go: 'Besluta',
  leave: 'Lämna det till andra',
  leaveHint: 'Du får inte det här igen, och ser ärendet som förut.',
  leaveGo: 'Lämna det',
  case: 'Ärende',
  first: 'Beslutades först',
  second: 'Beslutades igen',
  settle: 'Vad du säger om det',
  settleHint:
    'Titta på ärendet innan du säger något. Inget har tagits tillbaka, och inget tas tillbaka om du inte rättar det här; då får den som underrättats veta det.',
  outcome: 'Vad som stämmer',
  outcomes: {
    stands: 'Det första: beslutet står fast',
    corrected: 'Det andra: rätta nu',
    noted: 'Inget rättas: jag säger varför',
  },
  takeBack: 'Om du rättar: varför ärendet inte håller',
  acceptHint:
    'Träffen avvisades. Om du rättar det godtas den, och den som kan ta bort materialet underrättas som vanligt.',
  nothing: 'inget tas tillbaka',
  both: 'Vad båda sade',
  which: 'Vilket',
  said: 'Sade',
  settleGo: 'Avgör',
}

/** Decisions that another person decides again, without sight of what was decided. */
export const again: InBoth<typeof en> = { en, sv }
