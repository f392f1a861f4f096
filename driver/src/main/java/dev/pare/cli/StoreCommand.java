package dev.pare.cli;

import picocli.CommandLine.Command;

/** What is in a store, and what may go. */
@Command(
    name = "store",
    description = "Looks after a store: the products of stages that sweeps share.",
    subcommands = {StoreListCommand.class, StoreGcCommand.class},
    synopsisSubcommandLabel = "COMMAND")
final class StoreCommand {}
