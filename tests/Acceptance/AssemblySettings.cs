// Tests measure time and memory, and one class needs port 8000: one at a time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
