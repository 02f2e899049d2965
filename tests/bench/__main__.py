"""All measurements, printed: `make bench`."""

from tests.bench import bench_statements, bench_validation

bench_validation.main()
bench_statements.main()
