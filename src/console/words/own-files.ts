import type { InBoth, Same } from './in-both.ts'

const en = {
  stays:
    'The files stay on this computer. This browser decodes and hashes them; what is sent are hashes and what you write, and it is shown below before you send it.',
  choose: 'Choose pictures (at most 50)',
  chooseOne: 'Choose your copy',
  drop: 'JPEG, PNG, WebP and GIF. Files can also be dropped here. Those that you choose take the place of those before.',
  without:
    'To hash files, this page needs JavaScript and an encrypted connection, and one of them is missing. On a machine of the house the command does it:',
  closed: 'The part that hashes was not built into this server. On a machine of the house:',
  files: 'The files that you chose',
  number: 'No.',
  name: 'File',
  size: 'Bytes',
  type: 'Type',
  quality: 'Quality',
  state: 'What came of it',
  names: 'Send the names of the files too: they are kept sealed, for whoever verifies',
  told: 'This is sent',
  before: 'The hashes that you made before are still in the form.',
  working: 'Hashing …',
  made: 'Hashed:',
  waits: 'waits',
  hashed: 'hashed here:',
  types: { pdq: 'PDQ', sha256: 'SHA-256', sha1: 'SHA-1', md5: 'MD5' },
  reasons: {
    heic: (command: string) =>
      `A picture of a telephone (HEIC), which browsers do not decode. Not sent. Use ${command} on a machine of the house, or have the telephone hand it over as JPEG.`,
    film: (command: string) =>
      `A film: a browser hashes pictures only. Not sent. Use ${command} on a machine of the house.`,
    unreadable: (command: string) =>
      `This browser cannot read it: another format, or a damaged file. Not sent. Use ${command} on a machine of the house.`,
    differs: (command: string) =>
      `AVIF or colours for print (CMYK): browsers make other pixels of it than Hindra. Not sent. Use ${command} on a machine of the house.`,
    'too-large': (command: string) =>
      `Too large for a browser (over 64 million pixels or 256 MiB). Not sent. Use ${command} on a machine of the house.`,
    falsified: (command: string) =>
      `This browser changes pictures when a page reads them (protection against tracking), so every hash would be wrong. Nothing is sent. Use another browser, switch the protection off for this site, or use ${command}.`,
    unable: (command: string) =>
      `This browser cannot hash it: no WebGL 2, or the file could not be read. Not sent. Use another browser, or ${command} on a machine of the house.`,
    'too-many': () => 'More than can be sent at once. Not sent: choose it again after these.',
  },
} as const

const sv: Same<typeof en> = {
  stays:
    'Filerna stannar på den här datorn. Webbläsaren avkodar och hashar dem; det som skickas är hashvärden och det du skriver, och du ser det här nedanför innan du skickar.',
  choose: 'Välj bilder (högst 50)',
  chooseOne: 'Välj din kopia',
  drop: 'JPEG, PNG, WebP och GIF. Det går också att släppa filer här. De du väljer ersätter dem du valde förut.',
  without:
    'För att hasha filer behövs JavaScript och en krypterad anslutning, och något av det saknas här. På en av husets datorer gör kommandot det:',
  closed: 'Delen som hashar följde inte med när den här servern byggdes. På en av husets datorer:',
  files: 'Filerna du valde',
  number: 'Nr',
  name: 'Fil',
  size: 'Byte',
  type: 'Typ',
  quality: 'Kvalitet',
  state: 'Hur det gick',
  names: 'Skicka också filernas namn: de sparas förseglade, för den som bekräftar',
  told: 'Det här skickas',
  before: 'Hashvärdena som du gjorde förut finns kvar i formuläret.',
  working: 'Hashar …',
  made: 'Hashade:',
  waits: 'väntar',
  hashed: 'hashad här:',
  types: { pdq: 'PDQ', sha256: 'SHA-256', sha1: 'SHA-1', md5: 'MD5' },
  reasons: {
    heic: (command) =>
      `En telefonbild (HEIC), som webbläsare inte avkodar. Skickas inte. Använd ${command} på en av husets datorer, eller låt telefonen lämna ifrån sig den som JPEG.`,
    film: (command) =>
      `En film: webbläsaren hashar bara bilder. Skickas inte. Använd ${command} på en av husets datorer.`,
    unreadable: (command) =>
      `Webbläsaren kan inte läsa den: ett annat format, eller en skadad fil. Skickas inte. Använd ${command} på en av husets datorer.`,
    differs: (command) =>
      `AVIF eller färger för tryck (CMYK): webbläsare gör andra bildpunkter av den än Hindra. Skickas inte. Använd ${command} på en av husets datorer.`,
    'too-large': (command) =>
      `För stor för en webbläsare (över 64 miljoner bildpunkter eller 256 MiB). Skickas inte. Använd ${command} på en av husets datorer.`,
    falsified: (command) =>
      `Webbläsaren ändrar bilder när en sida läser dem (ett skydd mot spårning), så alla hashvärden skulle bli fel. Inget skickas. Använd en annan webbläsare, stäng av skyddet för den här sidan, eller använd ${command}.`,
    unable: (command) =>
      `Webbläsaren kan inte hasha den: WebGL 2 saknas, eller så gick filen inte att läsa. Skickas inte. Använd en annan webbläsare, eller ${command} på en av husets datorer.`,
    'too-many': () =>
      'Fler än vad som går att skicka på en gång. Skickas inte: välj den igen efter de här.',
  },
}

/** Files of whoever is at the page, which their browser hashes. */
export const ownFiles: InBoth<typeof en> = { en, sv }
