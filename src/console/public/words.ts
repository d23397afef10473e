import type { Language } from '../../takedown/index.ts'

/** What the page for the public says beside the sentences of the tipline. Whoever reads it may be a child. */
export interface PublicWords {
  readonly title: string
  readonly otherLanguage: string
  readonly leave: string
  readonly intro: string
  readonly url: string
  readonly urlHint: string
  readonly words: string
  readonly wordsHint: string
  readonly category: string
  readonly choose: string
  readonly aboutMe: string
  readonly danger: string
  readonly what: string
  readonly happens: readonly string[]
  readonly wait: (seconds: number) => string
  readonly send: string
  readonly sent: string
  readonly receiptGo: string
  readonly back: string
  readonly haveReceipt: string
  readonly receipt: string
  readonly look: string
  readonly messages: string
  readonly you: string
  readonly we: string
  readonly more: string
  readonly moreGo: string
  readonly anotherUrl: string
  readonly anotherUrlGo: string
  readonly withdraw: string
  readonly withdrawHint: string
  readonly problem: string
  readonly nothing: string
}

export const PUBLIC_WORDS: Readonly<Record<Language, PublicWords>> = {
  sv: {
    title: 'Tipsa oss',
    otherLanguage: 'English',
    leave: 'Lämna sidan',
    intro:
      'Här kan du berätta om sexuella övergrepp mot barn som du har sett på nätet, eller som har hänt dig. Du behöver inte säga vem du är.',
    url: 'Länk',
    urlHint:
      'Kopiera länken till sidan. Ladda inte ner någon bild, och skicka inte bilden till någon.',
    words: 'Berätta med egna ord',
    wordsHint: 'Skriv det du vill, så mycket eller så lite du orkar.',
    category: 'Vad gäller det?',
    choose: 'Välj om du vill',
    aboutMe: 'Det handlar om mig',
    danger: 'Ett barn är i fara just nu',
    what: 'Det här händer sen',
    happens: [
      'En människa hos oss läser det du skickar.',
      'Det vi bedömer som brott lämnar vi till polisen.',
      'Vi vet inte vem du är. Vi sparar inte varifrån du skickar, och vi lägger inga kakor i din webbläsare. Det enda vi har är det du skriver och när det kom.',
      'Du får en kod. Med den kan du läsa våra svar och skriva mer.',
    ],
    wait: (seconds) =>
      `Utan skript tar vi emot tipset när sidan har varit öppen i ${seconds} sekunder.`,
    send: 'Skicka',
    sent: 'Tack',
    receiptGo: 'Jag har skrivit upp koden',
    back: 'Till tipssidan',
    haveReceipt: 'Jag har redan en kod',
    receipt: 'Din kod, 16 siffror',
    look: 'Visa',
    messages: 'Meddelanden',
    you: 'Du',
    we: 'Vi',
    more: 'Skriv mer',
    moreGo: 'Skicka',
    anotherUrl: 'En länk till',
    anotherUrlGo: 'Skicka länken',
    withdraw: 'Jag har ändrat mig',
    withdrawHint: 'Då slutar vi leta efter det du skickade.',
    problem: 'Det gick inte att skicka',
    nothing: 'Skriv en länk eller berätta med egna ord. Utan länk behöver vi veta vad det gäller.',
  },
  en: {
    title: 'Tell us',
    otherLanguage: 'Svenska',
    leave: 'Leave this page',
    intro:
      'Here you can tell of sexual abuse of children that you have seen on the net, or that has happened to you. You need not say who you are.',
    url: 'Link',
    urlHint: 'Copy the link of the page. Do not save any picture, and do not send it to anybody.',
    words: 'Tell us in your own words',
    wordsHint: 'Write what you want, as much or as little as you can.',
    category: 'What is it about?',
    choose: 'Choose if you like',
    aboutMe: 'It is about me',
    danger: 'A child is in danger right now',
    what: 'What happens then',
    happens: [
      'A person here reads what you send.',
      'What we judge to be a crime we hand to the police.',
      'We do not know who you are. We do not keep where you send it from, and put no cookies into your browser. All that we have is what you write, and when it came.',
      'You get a code. With it you can read our answers and write more.',
    ],
    wait: (seconds) =>
      `Without script we take the tip once the page has been open for ${seconds} seconds.`,
    send: 'Send',
    sent: 'Thank you',
    receiptGo: 'I have written the code down',
    back: 'To the form',
    haveReceipt: 'I have a code already',
    receipt: 'Your code, 16 digits',
    look: 'Show',
    messages: 'Messages',
    you: 'You',
    we: 'We',
    more: 'Write more',
    moreGo: 'Send',
    anotherUrl: 'Another link',
    anotherUrlGo: 'Send the link',
    withdraw: 'I have changed my mind',
    withdrawHint: 'Then we stop looking for what you sent.',
    problem: 'It could not be sent',
    nothing:
      'Write a link, or tell us in your own words. Without a link we need to know what it is about.',
  },
}
