// More than the cores of a small machine: these tests wait for clocks and for PostgreSQL.
[assembly: CollectionBehavior(MaxParallelThreads = 3)]
