package dev.pare.cli;

import picocli.CommandLine.Command;

/** What is in a store, and what may go. */
@Command(
    name = "store",
    description = "Looks after a store: the products of stages that sweeps share.",
    subcommands = {StoreListCommand.class, StoreGcCommand.class},
    synopsisSubcommandLabel = "COMMAND",
    footerHeading = "%nExamples:%n",
    footer = {
      "  pare store list /tmp/pare/quickstart/store",
      "  pare store gc hdfs:///pare/store --ledger hdfs:///sweeps --dry-run"
    })
final class StoreCommand {}
