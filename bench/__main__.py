"""Run every comparison, one after another."""

from bench import bench_index, bench_seasonal

bench_index.main()
bench_seasonal.main()
