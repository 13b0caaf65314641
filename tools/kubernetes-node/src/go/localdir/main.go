// localdir makes the volumes of a single-node cluster, a directory each: it provisions, expands and deletes them, as a storage
// driver with its sidecars would. A directory has no size of its own, so expanding one changes what the objects say.
package main

import (
	"context"
	"encoding/json"
	"log"
	"os"
	"path/filepath"
	"time"

	v1 "k8s.io/api/core/v1"
	storage "k8s.io/api/storage/v1"
	apierr "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
)

const (
	provisioner   = "pgharbor.dev/localdir"
	provisionedBy = "pv.kubernetes.io/provisioned-by"
	selectedNode  = "volume.kubernetes.io/selected-node"
	pause         = 500 * time.Millisecond
)

type driver struct {
	api     *kubernetes.Clientset
	root    string
	classes map[string]storage.StorageClass
}

func main() {
	config, err := rest.InClusterConfig()
	if err != nil {
		log.Fatal(err)
	}
	config.QPS, config.Burst = 50, 100
	d := &driver{api: kubernetes.NewForConfigOrDie(config), root: os.Args[1]}
	for ; ; time.Sleep(pause) {
		if err := d.pass(); err != nil {
			log.Print(err)
		}
	}
}

func (d *driver) pass() error {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	classes, err := d.api.StorageV1().StorageClasses().List(ctx, metav1.ListOptions{})
	if err != nil {
		return err
	}
	d.classes = map[string]storage.StorageClass{}
	for _, class := range classes.Items {
		if class.Provisioner == provisioner {
			d.classes[class.Name] = class
		}
	}
	claims, err := d.api.CoreV1().PersistentVolumeClaims("").List(ctx, metav1.ListOptions{})
	if err != nil {
		return err
	}
	for i := range claims.Items {
		// One claim that cannot be served keeps no other one waiting.
		if err := d.serve(ctx, &claims.Items[i]); err != nil {
			log.Printf("%s/%s: %v", claims.Items[i].Namespace, claims.Items[i].Name, err)
		}
	}
	volumes, err := d.api.CoreV1().PersistentVolumes().List(ctx, metav1.ListOptions{})
	if err != nil {
		return err
	}
	for i := range volumes.Items {
		if err := d.reclaim(ctx, &volumes.Items[i]); err != nil {
			log.Printf("%s: %v", volumes.Items[i].Name, err)
		}
	}
	return nil
}

func (d *driver) serve(ctx context.Context, claim *v1.PersistentVolumeClaim) error {
	if claim.Spec.StorageClassName == nil || claim.DeletionTimestamp != nil {
		return nil
	}
	class, ours := d.classes[*claim.Spec.StorageClassName]
	if !ours {
		return nil
	}
	// WaitForFirstConsumer: the scheduler names the node first.
	if claim.Status.Phase == v1.ClaimPending && claim.Spec.VolumeName == "" && claim.Annotations[selectedNode] != "" {
		return d.provision(ctx, claim, class)
	}
	wanted, has := claim.Spec.Resources.Requests[v1.ResourceStorage], claim.Status.Capacity[v1.ResourceStorage]
	if claim.Status.Phase == v1.ClaimBound && wanted.Cmp(has) > 0 && class.AllowVolumeExpansion != nil && *class.AllowVolumeExpansion {
		return d.expand(ctx, claim, wanted)
	}
	return nil
}

func (d *driver) provision(ctx context.Context, claim *v1.PersistentVolumeClaim, class storage.StorageClass) error {
	name := "pvc-" + string(claim.UID)
	dir := filepath.Join(d.root, name)
	// "local" is a volume that a pod's fsGroup is applied to, as most drivers' are; the other kind is open to everybody and
	// left as it is, as Rancher's local-path-provisioner does.
	owned := class.Parameters["source"] == "local"
	mode := os.FileMode(0o777)
	if owned {
		mode = 0o755
	}
	if err := os.MkdirAll(dir, mode); err != nil {
		return err
	}
	if err := os.Chmod(dir, mode); err != nil { // the umask took some of it away
		return err
	}
	source := v1.PersistentVolumeSource{HostPath: &v1.HostPathVolumeSource{Path: dir}}
	if owned {
		source = v1.PersistentVolumeSource{Local: &v1.LocalVolumeSource{Path: dir}}
	}
	_, err := d.api.CoreV1().PersistentVolumes().Create(ctx, &v1.PersistentVolume{
		ObjectMeta: metav1.ObjectMeta{Name: name, Annotations: map[string]string{provisionedBy: provisioner}},
		Spec: v1.PersistentVolumeSpec{
			Capacity:                      v1.ResourceList{v1.ResourceStorage: claim.Spec.Resources.Requests[v1.ResourceStorage]},
			AccessModes:                   claim.Spec.AccessModes,
			PersistentVolumeReclaimPolicy: *class.ReclaimPolicy,
			StorageClassName:              class.Name,
			ClaimRef: &v1.ObjectReference{
				Kind: "PersistentVolumeClaim", APIVersion: "v1", Namespace: claim.Namespace, Name: claim.Name, UID: claim.UID,
			},
			PersistentVolumeSource: source,
			NodeAffinity: &v1.VolumeNodeAffinity{Required: &v1.NodeSelector{NodeSelectorTerms: []v1.NodeSelectorTerm{{
				MatchExpressions: []v1.NodeSelectorRequirement{{
					Key: v1.LabelHostname, Operator: v1.NodeSelectorOpIn, Values: []string{claim.Annotations[selectedNode]},
				}},
			}}}},
		},
	}, metav1.CreateOptions{})
	if err != nil && !apierr.IsAlreadyExists(err) {
		return err
	}
	log.Printf("provisioned %s for %s/%s", name, claim.Namespace, claim.Name)
	return nil
}

// expand says the new size in the order of the external resizer: of the volume, then of the claim.
func (d *driver) expand(ctx context.Context, claim *v1.PersistentVolumeClaim, size resource.Quantity) error {
	capacity := map[string]any{"capacity": v1.ResourceList{v1.ResourceStorage: size}}
	volume, err := json.Marshal(map[string]any{"spec": capacity})
	if err != nil {
		return err
	}
	_, err = d.api.CoreV1().PersistentVolumes().Patch(
		ctx, claim.Spec.VolumeName, types.MergePatchType, volume, metav1.PatchOptions{})
	if err != nil {
		return err
	}
	capacity["conditions"] = nil
	status, err := json.Marshal(map[string]any{"status": capacity})
	if err != nil {
		return err
	}
	_, err = d.api.CoreV1().PersistentVolumeClaims(claim.Namespace).Patch(
		ctx, claim.Name, types.MergePatchType, status, metav1.PatchOptions{}, "status")
	if err == nil {
		log.Printf("expanded %s of %s/%s to %s", claim.Spec.VolumeName, claim.Namespace, claim.Name, size.String())
	}
	return err
}

func (d *driver) reclaim(ctx context.Context, volume *v1.PersistentVolume) error {
	if volume.Annotations[provisionedBy] != provisioner || volume.Status.Phase != v1.VolumeReleased ||
		volume.Spec.PersistentVolumeReclaimPolicy != v1.PersistentVolumeReclaimDelete {
		return nil
	}
	if err := os.RemoveAll(filepath.Join(d.root, volume.Name)); err != nil {
		return err
	}
	err := d.api.CoreV1().PersistentVolumes().Delete(ctx, volume.Name, metav1.DeleteOptions{})
	if err != nil && !apierr.IsNotFound(err) {
		return err
	}
	log.Printf("deleted %s", volume.Name)
	return nil
}
