package sandbox_test
import ("testing";"gatehouse/sandbox";"os";"os/exec";"time";"fmt";"gatehouse/sandbox/crds";"k8s.io/client-go/tools/clientcmd";"github.com/stretchr/testify/require")
func TestZZ(t *testing.T){ s:=sandbox.Open(t.TempDir()); o:=sandbox.Options{Tools:tools(t)}; file:=o.Tools.CRDs; if f:=os.Getenv("CRD"); f!="" {file=f}; o.Tools.CRDs=""; st:=up(t,s,o)
 time.Sleep(3*time.Second)
 cfg,_:=clientcmd.BuildConfigFromFlags("",st.Kubernetes.Kubeconfig)
 var cmds []*exec.Cmd
 for i:=range st.Parts { p:=st.Parts[i]; if p.Name!="kube-apiserver"&&p.Name!="kube-controller-manager" {continue}
  c:=exec.Command("curl","-sk","--cert",s.Dir()+"/pki/admin.crt","--key",s.Dir()+"/pki/admin.key","-o","/tmp/prof."+p.Name,fmt.Sprintf("https://127.0.0.1:%d/debug/pprof/profile?seconds=20",p.Port)); c.Start(); cmds=append(cmds,c)}
 b:=time.Now()
 n,err:=crds.Load(t.Context(),cfg,file); require.NoError(t,err); t.Log(n,time.Since(b))
 for _,c:=range cmds {c.Wait()}
 for _,p:=range st.Parts[1:2] { x,_:=os.ReadFile(fmt.Sprintf("/proc/%d/stat",p.PID)); t.Log(p.Name,string(x)) }
}
