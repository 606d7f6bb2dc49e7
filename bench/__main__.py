"""Run every comparison, one after another."""

from bench import bench_cycle, bench_index, bench_seasonal

bench_index.main()
bench_seasonal.main()
bench_cycle.main()
