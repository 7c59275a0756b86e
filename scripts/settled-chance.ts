import fc from "fast-check";

// Every mutant is shown the same flows, and few of them; how small a flow can be that tells it apart is not asked.
fc.configureGlobal({ seed: 3, endOnFailure: true, numRuns: 8 });
