import { Command } from 'commander'
import { benchCommand } from './bench.js'
import { booksCommand } from './books.js'
import { doctorCommand } from './doctor.js'
import { replayCommand } from './replay.js'
import { version } from './version.js'

/** The command line, with all its commands. Throws where commander by itself would end the process. */
export const program = new Command('tickbus')
  .description('The message bus for trading systems on Node.js.')
  .version(version)
  .exitOverride()
  .showHelpAfterError('Usage: tickbus COMMAND [options]. "tickbus --help" lists the commands.')
  .addHelpText('after', '\nExample:\n  tickbus replay --speed 10')

for (const command of [replayCommand(), booksCommand(), doctorCommand(), benchCommand()]) {
  const usage = `Usage: tickbus ${command.name()} ${command.usage()}. "tickbus ${command.name()} --help" explains.`
  program.addCommand(command.copyInheritedSettings(program).showHelpAfterError(usage))
}
