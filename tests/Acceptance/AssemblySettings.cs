// More than the cores of a small machine: these tests wait for programs that start, stop and sync.
[assembly: CollectionBehavior(MaxParallelThreads = 3)]
