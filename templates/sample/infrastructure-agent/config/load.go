package config

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"
	"slices"
	"strconv"
)

// Error says where a configuration is wrong.
type Error struct {
	File   string
	Line   int    // counted from 1; 0 if the problem has no line
	Key    string // empty if the problem is not one key's
	Reason string
}

func (e *Error) Error() string {
	place := e.File
	if e.Line > 0 {
		place += ":" + strconv.Itoa(e.Line)
	}
	if e.Key == "" {
		return place + ": " + e.Reason
	}
	return fmt.Sprintf("%s: key %q %s", place, e.Key, e.Reason)
}

// Default returns the configuration of an empty file.
func Default() Config {
	var c Config
	for _, f := range fields(&c) {
		if err := f.set([]byte(f.quotedDefault())); err != nil {
			panic(fmt.Sprintf("config: default of %s: %v", f.key, err))
		}
	}
	return c
}

// Load reads a configuration file.
func Load(file string) (Config, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return Config{}, fmt.Errorf("read configuration: %w", err)
	}
	return Parse(file, text)
}

// Parse reads a configuration. file names it in errors.
func Parse(file string, text []byte) (Config, error) {
	c := Default()
	known := make(map[string]field)
	for _, f := range fields(&c) {
		known[f.key] = f
	}
	lines := make(map[string]int)
	decoder := json.NewDecoder(bytes.NewReader(text))
	lineAt := func(offset int64) int { return 1 + bytes.Count(text[:offset], []byte("\n")) }
	fail := func(line int, key, format string, args ...any) (Config, error) {
		return Config{}, &Error{File: file, Line: line, Key: key, Reason: fmt.Sprintf(format, args...)}
	}
	if token, err := decoder.Token(); err != nil || token != json.Delim('{') {
		return fail(lineAt(decoder.InputOffset()), "", "expected one JSON object")
	}
	for decoder.More() {
		token, err := decoder.Token()
		line := lineAt(decoder.InputOffset())
		if err != nil {
			return fail(errorLine(err, line, lineAt), "", "is not valid JSON: %v", err)
		}
		key, _ := token.(string)
		var value json.RawMessage
		if err := decoder.Decode(&value); err != nil {
			return fail(errorLine(err, line, lineAt), key, "has no valid value: %v", err)
		}
		if _, twice := lines[key]; twice {
			return fail(line, key, "occurs twice")
		}
		lines[key] = line
		f, exists := known[key]
		if !exists {
			return fail(line, key, "is unknown; known keys: %v", Keys())
		}
		if err := f.set(value); err != nil {
			return fail(line, key, "%v", err)
		}
	}
	if _, err := decoder.Token(); err != nil {
		return fail(errorLine(err, lineAt(decoder.InputOffset()), lineAt), "", "is not valid JSON: %v", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return fail(lineAt(decoder.InputOffset()), "", "has text after the JSON object")
	}
	if key, err := c.check(); err != nil {
		return fail(lines[key], key, "%v", err)
	}
	return c, nil
}

// errorLine is the line of a syntax error, or line if err has no place.
func errorLine(err error, line int, lineAt func(int64) int) int {
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		return lineAt(syntax.Offset - 1)
	}
	return line
}

// Keys lists every key in alphabetical order.
func Keys() []string {
	var keys []string
	for _, f := range fields(&Config{}) {
		keys = append(keys, f.key)
	}
	slices.Sort(keys)
	return keys
}

// RestartKeys lists the keys that differ between two configurations and take
// effect only at the next start.
func RestartKeys(before, after Config) []string {
	var keys []string
	now := fields(&after)
	for i, f := range fields(&before) {
		if !f.reload && !f.target.Equal(now[i].target) {
			keys = append(keys, f.key)
		}
	}
	slices.Sort(keys)
	return keys
}

// field is one key with its rules, and the place its value goes to.
type field struct {
	key      string
	fallback string
	min, max string
	reload   bool
	target   reflect.Value
}

func fields(c *Config) []field {
	target := reflect.ValueOf(c).Elem()
	all := make([]field, target.NumField())
	for i := range all {
		tag := target.Type().Field(i).Tag
		all[i] = field{
			key: tag.Get("json"), fallback: tag.Get("default"),
			min: tag.Get("min"), max: tag.Get("max"), reload: tag.Get("reload") == "yes",
			target: target.Field(i),
		}
	}
	return all
}

// quotedDefault is the default as JSON.
func (f field) quotedDefault() string {
	if f.target.Kind() == reflect.String {
		return strconv.Quote(f.fallback)
	}
	return f.fallback
}

// set checks a JSON value and stores it.
func (f field) set(value []byte) error {
	if bytes.Equal(value, []byte("null")) || json.Unmarshal(value, f.target.Addr().Interface()) != nil {
		return fmt.Errorf("is %s; use %s", value, f.want())
	}
	var number float64
	switch f.target.Kind() {
	case reflect.Int:
		number = float64(f.target.Int())
	case reflect.Float64:
		number = f.target.Float()
	default:
		return nil
	}
	if number < bound(f.min) || number > bound(f.max) {
		return fmt.Errorf("is %s; use %s", value, f.want())
	}
	return nil
}

// want says what a valid value is.
func (f field) want() string {
	switch f.target.Kind() {
	case reflect.Int:
		return fmt.Sprintf("a whole number from %s to %s", f.min, f.max)
	case reflect.Float64:
		return fmt.Sprintf("a number from %s to %s", f.min, f.max)
	case reflect.Bool:
		return "true or false"
	default:
		return "a text in double quotes"
	}
}

func bound(text string) float64 {
	value, err := strconv.ParseFloat(text, 64)
	if err != nil {
		panic(fmt.Sprintf("config: bound %q: %v", text, err))
	}
	return value
}
