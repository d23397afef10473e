import type { InBoth, Same } from './in-both.ts'

const en = {
  title: 'Queue',
  intro: 'What needs a person, the most urgent first.',
  tips: 'Tips',
  cases: 'Matches to decide',
  waiting: 'Other things that wait for a person',
  second: 'Second assessments',
  oldest: 'the oldest',
  why: 'Why here',
  what: 'What',
  from: 'From',
  due: 'Target',
  held: 'Worked on by',
  nobody: 'nobody',
  skipped: (people: number) => `skipped by ${people}`,
  takeNext: 'Take the first one that is free',
  see: 'See all',
  lanes: {
    danger: 'A child is in danger now',
    'own-request': 'The child itself asks',
    urgent: 'From police or a support line, or told as urgent',
    public: 'From the public, told singly',
    hotline: 'From a hotline, told singly',
    'own-work': 'Own work',
    list: 'One of a list',
  },
} as const

const sv: Same<typeof en> = {
  title: 'Kö',
  intro: 'Det som behöver en människa, det mest brådskande först.',
  tips: 'Tips',
  cases: 'Träffar att avgöra',
  waiting: 'Annat som väntar på en människa',
  second: 'Andra bedömningen',
  oldest: 'det äldsta kom',
  why: 'Varför här',
  what: 'Vad',
  from: 'Från',
  due: 'Mål',
  held: 'Hos',
  nobody: 'ingen',
  skipped: (people) => `överhoppat av ${people}`,
  takeNext: 'Ta det första lediga',
  see: 'Visa alla',
  lanes: {
    danger: 'Ett barn är i fara nu',
    'own-request': 'Barnet ber själv',
    urgent: 'Från polis eller stödlinje, eller angivet som brådskande',
    public: 'Från allmänheten, ett i taget',
    hotline: 'Från en systerorganisation, ett i taget',
    'own-work': 'Eget arbete',
    list: 'Ett av flera i en lista',
  },
}

/** The queue. */
export const queue: InBoth<typeof en> = { en, sv }
