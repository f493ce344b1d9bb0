// Command duckdb has DuckDB filter an archive of CloudTrail, for benchmarks: it
// prints how many events it found and how many seconds that took, without the start
// of the program.
//
// usage: duckdb 'FOLDER/**/*.json.gz' THREADS
package main

import (
	"database/sql"
	"fmt"
	"os"
	"time"

	_ "github.com/duckdb/duckdb-go/v2" // the driver
)

// filter asks for nothing but the two members that it needs, which is quickest.
const filter = `
WITH records AS (
  SELECT unnest(Records) AS r
  FROM read_json(?, columns = {Records: 'STRUCT(eventSource VARCHAR, eventName VARCHAR)[]'},
                 format = 'unstructured', maximum_object_size = 268435456)
)
SELECT count(*) FROM records
WHERE r.eventSource = 'secretsmanager.amazonaws.com' OR (r.eventSource = 'ssm.amazonaws.com' AND r.eventName = 'GetParameter')`

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: duckdb 'FOLDER/**/*.json.gz' THREADS")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(pattern, threads string) error {
	db, err := sql.Open("duckdb", "?threads="+threads)
	if err != nil {
		return err
	}
	defer db.Close()
	if err := db.Ping(); err != nil {
		return err
	}
	start, count := time.Now(), 0
	if err := db.QueryRow(filter, pattern).Scan(&count); err != nil {
		return err
	}
	fmt.Println(count, time.Since(start).Seconds())
	return nil
}
