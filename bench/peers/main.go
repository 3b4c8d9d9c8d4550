// Go's net/http with nothing on it. The routes of W3 are found by hand, for the
// mux of the standard library has no parameters before Go 1.22.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
)

const text = "Hello, World!"

type song struct {
	House    string `json:"house"`
	ID       string `json:"id"`
	Page     string `json:"page"`
	Agent    string `json:"agent"`
	Language string `json:"language"`
}

type routes struct{ list, item, notes handler }

type handler func(w http.ResponseWriter, r *http.Request, house, id string)

func w1(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	io.WriteString(w, text)
}

func answerJSON(w http.ResponseWriter, value any) {
	content, err := json.Marshal(value)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Write(content)
}

func theSong(w http.ResponseWriter, r *http.Request, house, id string) {
	answerJSON(w, song{
		House:    house,
		ID:       id,
		Page:     r.URL.Query().Get("page"),
		Agent:    r.Header.Get("User-Agent"),
		Language: r.Header.Get("Accept-Language"),
	})
}

func other(w http.ResponseWriter, r *http.Request, house, id string) {
	answerJSON(w, map[string]string{"house": house, "id": id})
}

func w3() http.HandlerFunc {
	table := map[string]routes{"songs": {other, theSong, other}}
	for _, name := range strings.Fields(
		"albums artists events labels lists players rooms tags users") {
		table[name] = routes{other, other, other}
	}
	return func(w http.ResponseWriter, r *http.Request) {
		parts := strings.Split(r.URL.Path, "/")
		if len(parts) < 4 || parts[1] != "api" {
			http.NotFound(w, r)
			return
		}
		found, ok := table[parts[3]]
		switch {
		case ok && len(parts) == 4:
			found.list(w, r, parts[2], "")
		case ok && len(parts) == 5:
			found.item(w, r, parts[2], parts[4])
		case ok && len(parts) == 6 && parts[5] == "notes":
			found.notes(w, r, parts[2], parts[4])
		default:
			http.NotFound(w, r)
		}
	}
}

func w4(w http.ResponseWriter, r *http.Request) {
	var posted struct {
		Title string `json:"title"`
	}
	if err := json.NewDecoder(r.Body).Decode(&posted); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	answerJSON(w, posted)
}

func w5(w http.ResponseWriter, r *http.Request) {
	http.ServeFile(w, r, os.Getenv("BENCH_FILES")+r.URL.Path)
}

func w6(w http.ResponseWriter, r *http.Request) {
	buffer := make([]byte, 64*1024)
	received := 0
	for {
		length, err := r.Body.Read(buffer)
		received += length
		if err != nil {
			break
		}
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	io.WriteString(w, strconv.Itoa(received))
}

func w6m(w http.ResponseWriter, r *http.Request) {
	form, err := r.MultipartReader()
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	buffer := make([]byte, 64*1024)
	received := 0
	for {
		part, err := form.NextPart()
		if err != nil {
			break
		}
		for {
			length, err := part.Read(buffer)
			received += length
			if err != nil {
				break
			}
		}
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	io.WriteString(w, strconv.Itoa(received))
}

func main() {
	handler := http.HandlerFunc(w1)
	switch os.Args[1] {
	case "W3":
		handler = w3()
	case "W4":
		handler = w4
	case "W5", "W5L":
		handler = w5
	case "W6":
		handler = w6
	case "W6M":
		handler = w6m
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	fmt.Printf("{\"port\":%d}\n", listener.Addr().(*net.TCPAddr).Port)
	panic(http.Serve(listener, handler))
}
