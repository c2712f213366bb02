import { Command } from 'commander'
import { benchCommand } from './bench.js'
import { booksCommand } from './books.js'
import { deadLettersCommand } from './dead-letters.js'
import { doctorCommand } from './doctor.js'
import { recordCommand } from './record.js'
import { journalCommand } from './journal.js'
import { replayCommand } from './replay.js'
import { serveCommand } from './serve.js'
import { simulateCommand } from './simulate.js'
import { version } from './version.js'

/** The command line, with all its commands. Throws where commander by itself would end the process. */
export const program = new Command('tickbus')
  .description('The message bus for trading systems on Node.js.')
  .version(version)
  .exitOverride()
  .showHelpAfterError('Usage: tickbus COMMAND [options]. "tickbus --help" lists the commands.')
  .addHelpText('after', '\nExample:\n  tickbus replay --speed 10')

for (const command of [
  replayCommand(),
  recordCommand(),
  serveCommand(),
  booksCommand(),
  doctorCommand(),
  benchCommand(),
  simulateCommand(),
  journalCommand(),
  deadLettersCommand(),
]) {
  program.addCommand(adopted(command, program, 'tickbus'))
}

/** The command with what its parent has, and a hint for whoever mistypes it; so are those below it. */
function adopted(command: Command, parent: Command, path: string): Command {
  const name = `${path} ${command.name()}`
  command
    .copyInheritedSettings(parent)
    .showHelpAfterError(`Usage: ${name} ${command.usage()}. "${name} --help" explains.`)
  for (const below of command.commands) adopted(below, command, name)
  return command
}
