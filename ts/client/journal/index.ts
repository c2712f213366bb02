export { ClientJournal } from './client-journal.js'
export type { GroupJournal, JournalTerms } from './group-journal.js'
