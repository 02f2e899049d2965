"""All measurements, printed: `make bench`; the options are those of `bench_statements`."""

from tests.bench import bench_statements, bench_validation

bench_statements.main()
bench_validation.main()
