import type { InBoth, Same } from './in-both.ts'

const en = {
  title: 'Second assessments',
  intro:
    'These wait for one more person. Nobody is shown what was said before, nor by whom, until all have said theirs.',
  list: 'That you may assess',
  mine: 'That you assessed, and others wait for',
  where: 'Where',
  asks: 'Asks for',
  since: 'Since the hour',
  waited: 'Has waited',
  hours: (count: number) => (count < 1 ? 'under an hour' : `${count} h`),
  tips: 'Tips',
  states: {
    second: 'a second person',
    third: 'a third person: two differ',
    agreed: 'two said the same',
    decided: 'a third decided',
    overtaken: 'a child is in danger now: nobody was waited for',
    withdrawn: 'taken back before anybody else assessed',
  },
  state: 'Where it stands',
  one: 'Assessment by several people',
  isThird:
    'Two people differ. What you say counts, also where it is something else than either said.',
  isSecond: 'If you say the same as the first person it is settled; else a third is asked.',
  notYours: 'You may not assess this one: you have, or one of you made the other a user of Hindra.',
  yours: 'You have assessed this. It waits for somebody else.',
  assess: 'Your assessment',
  assessHint: 'Say what you see. It goes to nobody before the others have said theirs.',
  inDanger:
    'A child is in danger at this moment: the case is opened at once, and the desk is called',
  pageItself: 'The page itself is meant, not the media on it',
  withdraw: 'Take yours back',
  withdrawHint: 'As long as nobody else has assessed it.',
  withdrawGo: 'Take it back',
  said: 'What each said',
  number: 'Number',
  who: 'Who',
  noCase: 'No case was opened.',
} as const

const sv: Same<typeof en> = {
  title: 'Andra bedömningen',
  intro:
    'De här väntar på en person till. Ingen får se vad som sagts förut, eller av vem, förrän alla har sagt sitt.',
  list: 'Som du kan bedöma',
  mine: 'Som du har bedömt, och som väntar på andra',
  where: 'Var',
  asks: 'Väntar på',
  since: 'Sedan timmen',
  waited: 'Har väntat',
  hours: (count) => (count < 1 ? 'under en timme' : `${count} h`),
  tips: 'Tips',
  states: {
    second: 'en andra person',
    third: 'en tredje person: två är oense',
    agreed: 'två sade samma sak',
    decided: 'en tredje avgjorde',
    overtaken: 'ett barn är i fara nu: ingen inväntades',
    withdrawn: 'togs tillbaka innan någon annan hade bedömt',
  },
  state: 'Läge',
  one: 'Bedömning av flera personer',
  isThird: 'Två personer är oense. Det du säger gäller, även om det är något annat än båda sade.',
  isSecond: 'Säger du samma sak som den första är det klart; annars frågas en tredje.',
  notYours:
    'Du kan inte bedöma det här: du har redan gjort det, eller så har en av er lagt upp den andra i Hindra.',
  yours: 'Du har bedömt det här. Det väntar på någon annan.',
  assess: 'Din bedömning',
  assessHint: 'Säg vad du ser. Ingen får veta det förrän de andra har sagt sitt.',
  inDanger: 'Ett barn är i fara just nu: ärendet öppnas genast och jouren larmas',
  pageItself: 'Det gäller själva sidan, inte bilderna på den',
  withdraw: 'Ta tillbaka din bedömning',
  withdrawHint: 'Så länge ingen annan har bedömt det.',
  withdrawGo: 'Ta tillbaka',
  said: 'Vad var och en sade',
  number: 'Nummer',
  who: 'Vem',
  noCase: 'Inget ärende öppnades.',
}

/** What is assessed by several people, each without sight of the others. */
export const second: InBoth<typeof en> = { en, sv }
